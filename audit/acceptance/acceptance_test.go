package acceptance_test

import (
	"strings"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/acceptance"
)

func TestParse(t *testing.T) {
	t.Parallel()
	rules := []audit.Rule{{ID: "A_RULE"}}
	good := "suppressions: [{rule: A_RULE, site: '*.example.org', subject: 'lb*', reason: known, owner: a team, expires: 2027-03-31}]"
	got, err := acceptance.Parse([]byte(good), rules)
	if err != nil || len(got) != 1 || got[0].Owner != "a team" || got[0].Expires != "2027-03-31" {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := acceptance.Parse(nil, rules); err != nil || got != nil {
		t.Errorf("an empty file: %v %v", got, err)
	}
	for name, text := range map[string]string{
		"no rule":        strings.Replace(good, "rule: A_RULE, ", "", 1),
		"unknown rule":   strings.Replace(good, "A_RULE", "B_RULE", 1),
		"no reason":      strings.Replace(good, "reason: known, ", "", 1),
		"no owner":       strings.Replace(good, "owner: a team, ", "", 1),
		"no expiry":      strings.Replace(good, ", expires: 2027-03-31", "", 1),
		"no day":         strings.Replace(good, "2027-03-31", "soon", 1),
		"a slip":         strings.Replace(good, "subject", "subjekt", 1),
		"no YAML at all": "{",
	} {
		if _, err := acceptance.Parse([]byte(text), rules); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
