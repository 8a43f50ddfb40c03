package crawler

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResolveRules(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		"www.example.org:443:127.0.0.1":      "MAP www.example.org:443 127.0.0.1:443",
		"WWW.example.org:443:127.0.0.1:8443": "MAP www.example.org:443 127.0.0.1:8443",
		"*:80:10.0.0.1":                      "MAP *:80 10.0.0.1:80",
		"*.example.org:443:[::1]":            "MAP *.example.org:443 [::1]:443",
		"example.org:443:[::1]:8443":         "MAP example.org:443 [::1]:8443",
	} {
		r, err := newResolver([]string{rule}, false)
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		if diff := cmp.Diff([]string{want}, r.chrome()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
	for _, rule := range []string{"", "example.org", "example.org:443", "example.org:443:", ":443:127.0.0.1", "example.org:0:127.0.0.1", "example.org:443:elsewhere.org", "example.org:443:127.0.0.1:99999"} {
		if _, err := newResolver([]string{rule}, false); err == nil {
			t.Errorf("%q is taken", rule)
		}
	}
}

func TestResolveMatches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rule, host string
		want       bool
	}{
		{"*:443:127.0.0.1", "www.example.org", true},
		{"example.org:443:127.0.0.1", "example.org", true},
		{"example.org:443:127.0.0.1", "www.example.org", false},
		{"*.example.org:443:127.0.0.1", "www.example.org", true},
		{"*.example.org:443:127.0.0.1", "example.org", false},
		{"*.example.org:443:127.0.0.1", "badexample.org", false},
	} {
		rule, err := parseResolve(tc.rule)
		if err != nil {
			t.Fatal(err)
		}
		if got := rule.matches(tc.host); got != tc.want {
			t.Errorf("%s matches %s: %v", tc.rule, tc.host, got)
		}
	}
}
