package signal

import (
	"net/url"
	"strings"
)

// maxMode bounds the parameters that are read: both have about a dozen letters.
const maxMode = 64

// Mode reads Google's consent mode off the address of a request: the parameters
// gcs, "G1" and a digit each for ad_storage and analytics_storage, and gcd, which
// has a letter for each of four types saying how its state came about. raw is
// what they are; it is empty where the request carries neither.
func Mode(address string) (states map[string]string, raw string) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, ""
	}
	// Google's tags for adverts part their parameters with semicolons.
	query := strings.NewReplacer(";", "&").Replace(u.RawQuery)
	if strings.Contains(u.Path, ";") {
		query += "&" + strings.ReplaceAll(u.Path, ";", "&")
	}
	values, _ := url.ParseQuery(query) // what cannot be read is left out
	gcs, gcd := values.Get("gcs"), values.Get("gcd")
	states = map[string]string{}
	var parts []string
	if readGCS(gcs, states) {
		parts = append(parts, "gcs="+gcs)
	}
	if readGCD(gcd, states) {
		parts = append(parts, "gcd="+gcd)
	}
	return states, strings.Join(parts, "&")
}

func readGCS(gcs string, states map[string]string) bool {
	if len(gcs) != 4 || !strings.HasPrefix(gcs, "G1") {
		return false
	}
	for i, kind := range []string{"ad_storage", "analytics_storage"} {
		switch gcs[2+i] {
		case '1':
			states[kind] = "granted"
		case '0':
			states[kind] = "denied"
		default:
			states[kind] = "unset"
		}
	}
	return true
}

// readGCD reads "13r3v3q2r5": digits, with a letter of a type between each two.
func readGCD(gcd string, states map[string]string) bool {
	if len(gcd) < 9 || len(gcd) > maxMode || gcd[0] != '1' {
		return false
	}
	var letters []byte
	for i := range len(gcd) {
		if c := gcd[i]; c >= 'a' && c <= 'z' {
			letters = append(letters, c)
		}
	}
	kinds := []string{"ad_storage", "analytics_storage", "ad_user_data", "ad_personalization"}
	if len(letters) < len(kinds) {
		return false
	}
	for i, kind := range kinds {
		if s := gcdState(letters[i]); s != "" {
			states[kind] = s
		}
	}
	return true
}

// gcdState says what a letter means, as observed on Google's own tags.
func gcdState(letter byte) string {
	switch letter {
	case 'l':
		return "unset"
	case 'p':
		return "denied by default"
	case 'q':
		return "denied by default, denied by update"
	case 't':
		return "granted by default"
	case 'r':
		return "denied by default, granted by update"
	case 'm':
		return "denied by update"
	case 'n':
		return "granted by update"
	case 'u':
		return "granted by default, denied by update"
	case 'v':
		return "granted by default, granted by update"
	}
	return ""
}
