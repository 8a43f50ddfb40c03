package profile_test

import (
	"strings"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/profile"
	"cookieaudit/audit/rules"
)

func TestBuiltInProfiles(t *testing.T) {
	t.Parallel()
	for _, name := range profile.Names() {
		p, err := profile.BuiltIn(name, rules.All())
		if err != nil || p.Name != name {
			t.Errorf("%s: %q %v", name, p.Name, err)
		}
		if off := p.Changes["GPC_IGNORED"].Off != ""; off != (name != "us-ca") {
			t.Errorf("%s: Global Privacy Control is off: %v", name, off)
		}
		if exempt := p.Statistics != nil; exempt != (name == "fr" || name == "uk" || name == "it") {
			t.Errorf("%s: statistics can be exempt: %v", name, exempt)
		}
	}
	if _, err := profile.BuiltIn("mars", rules.All()); err == nil {
		t.Error("no error for an unknown profile")
	}
}

func TestOwnProfile(t *testing.T) {
	t.Parallel()
	good := "{name: own, title: ours, as_of: 2026-01-02, basis: [GDPR], rules: {POLICY_NOT_FOUND: {severity: critical, cites: [CNIL-2020-092 paragraph 39]}}}"
	p, err := profile.Parse([]byte(good), rules.All())
	if ch := p.Changes["POLICY_NOT_FOUND"]; err != nil || ch.Severity != audit.Critical || len(ch.Cites) != 1 {
		t.Errorf("%+v %v", p, err)
	}
	for name, text := range map[string]string{
		"no name":            strings.Replace(good, "name: own, ", "", 1),
		"no basis":           strings.Replace(good, "[GDPR]", "[]", 1),
		"no date":            strings.Replace(good, "2026-01-02", "lately", 1),
		"unknown rule":       strings.Replace(good, "POLICY_NOT_FOUND", "NO_SUCH_RULE", 1),
		"unknown severity":   strings.Replace(good, "critical", "awful", 1),
		"unknown instrument": strings.Replace(good, "CNIL-2020-092 paragraph 39", "CNIL-1999", 1),
		"unknown provision":  strings.Replace(good, "paragraph 39", "paragraph 999", 1),
		"a slip":             strings.Replace(good, "title", "titel", 1),
		"no condition":       strings.Replace(good, "rules:", "statistics: {after_refusal: true}, rules:", 1),
		"empty":              "",
	} {
		if _, err := profile.Parse([]byte(text), rules.All()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
