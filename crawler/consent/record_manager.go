package consent

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Records of managers that number the purposes, and of which the first is
// necessary: their numbers say nothing by themselves.
var (
	// TrustArc: the accepted levels, "0:" for the required one alone.
	levelsName = regexp.MustCompile(`^notice_(gdpr_prefs|preferences)$`)
	levels     = regexp.MustCompile(`^([0-9](?:,[0-9])*):`)
	// TrustArc: "permit 1 required" or "permit 1,2,3".
	permitName = regexp.MustCompile(`^cmapi_cookie_privacy$`)
	// iubenda: {"purposes":{"1":true,"2":false,…}}.
	numberedName = regexp.MustCompile(`^_iub_cs-`)
)

// readNumbered reads such a record; false where it is none.
func readNumbered(name, value string) (reading, bool) {
	switch {
	case levelsName.MatchString(name):
		m := levels.FindStringSubmatch(value)
		if m == nil {
			return unread, true
		}
		list := strings.Split(m[1], ",")
		switch list[len(list)-1] {
		case "0":
			return refused, true
		case "2":
			return granted, true
		}
		return mixed, true // with comfort, or without advertising
	case permitName.MatchString(name):
		switch {
		case !strings.HasPrefix(value, "permit "):
			return unread, true
		case strings.HasSuffix(value, " required"):
			return refused, true
		case strings.Contains(value, ","):
			return granted, true
		}
		return unread, true
	case numberedName.MatchString(name):
		var record struct {
			Purposes map[string]bool `json:"purposes"`
			Consent  *bool           `json:"consent"`
		}
		if json.Unmarshal([]byte(value), &record) != nil {
			return unread, true
		}
		delete(record.Purposes, "1")
		if len(record.Purposes) == 0 && record.Consent != nil {
			return readFlags(map[string]bool{"consent": *record.Consent}), true
		}
		return readFlags(record.Purposes), true
	}
	return unread, false
}
