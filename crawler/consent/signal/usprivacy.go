package signal

import (
	"fmt"
	"regexp"

	"cookieaudit/crawler/evidence"
)

var usPrivacy = regexp.MustCompile(`^1([YN-])([YN-])([YN-])$`)

// USPrivacy decodes a US Privacy string, version 1 (IAB Tech Lab, "U.S. Privacy
// String"). Lower-case letters are accepted.
func USPrivacy(text string) (*evidence.USPrivacy, error) {
	upper := []byte(text)
	for i, c := range upper {
		if c == 'y' || c == 'n' {
			upper[i] = c - 'a' + 'A'
		}
	}
	m := usPrivacy.FindSubmatch(upper)
	if m == nil {
		if len(text) > 20 {
			text = text[:20]
		}
		return nil, fmt.Errorf("%q is no US Privacy string of version 1", text)
	}
	return &evidence.USPrivacy{Notice: string(m[1]), OptedOut: string(m[2]), LSPA: string(m[3])}, nil
}
