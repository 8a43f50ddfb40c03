package policy

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// hostOf returns the host that a whole text is, lower case and otherwise as
// declared ("*.example.org", ".example.org"), or "".
func hostOf(text string) string {
	s := strings.Trim(strings.TrimSpace(text), "\"'`()[]<>,;")
	if len(s) > 253 {
		return ""
	}
	lower := strings.ToLower(s)
	if rest, found := strings.CutPrefix(lower, "https://"); found {
		lower = rest
	} else if rest, found := strings.CutPrefix(lower, "http://"); found {
		lower = rest
	}
	lower = strings.TrimSuffix(strings.TrimRight(lower, "/"), ".")
	if lower == "localhost" || lower == "asp.net" || !hostShaped(lower) {
		return "" // ASP.NET is what the page is written in
	}
	bare := strings.TrimLeft(lower, "*.")
	// A private suffix is a host as well: a bucket's page sets cookies on
	// storage.googleapis.com.
	suffix, icann := publicsuffix.PublicSuffix(bare)
	if suffix == bare && icann || !icann && !strings.Contains(suffix, ".") {
		return reservedHost(lower, bare)
	}
	return lower
}

// reservedHost accepts the names that RFC 2606 keeps for tests and examples.
func reservedHost(host, bare string) string {
	for _, tld := range []string{".test", ".example", ".invalid", ".localhost"} {
		if strings.HasSuffix(bare, tld) {
			return host
		}
	}
	return ""
}

// hostShaped reports whether s has the letters of a host name with at least
// one dot inside.
func hostShaped(s string) bool {
	bare := strings.TrimPrefix(strings.TrimPrefix(s, "*"), ".")
	labels := strings.Split(bare, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := 0; i < len(label); i++ {
			c := label[i]
			if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c >= 0x80) {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return len(last) >= 2 && (last[0] < '0' || last[0] > '9')
}

// hostsIn returns the hosts of a cell that holds hosts, separated in any way.
// rest is what is left of the text without them.
func hostsIn(text string) (hosts []string, rest string) {
	var kept []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' || r == '|' || r == '(' || r == ')' || r == '/'
	}) {
		if h := hostOf(part); h != "" {
			hosts = appendNew(hosts, h)
		} else {
			kept = append(kept, part)
		}
	}
	if len(hosts) == 0 {
		return nil, text
	}
	return hosts, strings.Join(kept, " ")
}

// hostWords stand beside a host that a sentence gives to a cookie.
var hostWords = []string{"domain", "domän", "domän", "domaine", "dominio", "domein", "domen", "domæn", "visit", "set by", "set from", "set on", "placed by", "gesetzt", "only on", "used on", "déposé", "host"}

// hostsInProse finds the hosts that a purpose text gives to its cookie ("may be
// set for users visiting *.example.org domain"). Addresses with a scheme and
// e-mail addresses are not meant.
func hostsInProse(text string) []string {
	var hosts []string
	for _, sentence := range sentences(text) {
		lower := strings.ToLower(sentence)
		if !strings.Contains(lower, ".") || !containsAny(lower, hostWords...) {
			continue
		}
		for _, field := range strings.Fields(sentence) {
			if strings.Contains(field, "@") || strings.Contains(field, "://") {
				continue
			}
			field = strings.TrimRight(field, ".,;:!?)")
			if h := hostOf(strings.TrimLeft(field, "(")); h != "" && !strings.HasPrefix(h, "www.") {
				hosts = appendNew(hosts, h)
			}
		}
	}
	return hosts
}

// keptHosts is how many hosts one record can have: no more fit into the text of
// its field.
const keptHosts = 300

func appendNew(list []string, s string) []string {
	if len(list) >= keptHosts {
		return list
	}
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}
