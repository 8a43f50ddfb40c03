package profile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
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
		if exempt := p.Statistics != nil; exempt != (name == "fr" || name == "uk" || name == "it" || name == "es") {
			t.Errorf("%s: statistics can be exempt: %v", name, exempt)
		}
	}
	if _, err := profile.BuiltIn("mars", rules.All()); err == nil {
		t.Error("no error for an unknown profile")
	}
}

// What a rule cites holds where the profile does, and every rule has some law
// there that it rests on.
func TestCitationsHoldWhereTheProfileDoes(t *testing.T) {
	t.Parallel()
	places := map[string][]string{
		"eu": {"EU", "FR", "DE", "ES", "IT"}, "fr": {"EU", "FR"}, "de": {"EU", "DE"}, "es": {"EU", "ES"}, "it": {"EU", "IT"},
		"uk": {"UK"}, "us-ca": {"US-CA"},
	}
	for _, name := range profile.Names() {
		p, err := profile.BuiltIn(name, rules.All())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules.All() {
			if p.Changes[r.ID].Off != "" {
				continue
			}
			cites := p.Citations(&r)
			if len(cites) == 0 {
				t.Errorf("%s: %s rests on nothing", name, r.ID)
			}
			for _, c := range cites {
				if here := c.Instrument.Place; here != "" && !slices.Contains(places[name], here) {
					t.Errorf("%s: %s cites %s %s, which holds in %s", name, r.ID, c.Instrument.ID, c.Provision, here)
				}
			}
		}
		for _, e := range []*audit.Exception{p.Statistics, p.Preferences} {
			if e != nil && slices.ContainsFunc(e.Cites, func(c law.Citation) bool { return !slices.Contains(places[name], c.Instrument.Place) }) {
				t.Errorf("%s: an exemption rests on the law of another place: %+v", name, e.Cites)
			}
		}
	}
}

func TestCitationsInTheKingdom(t *testing.T) {
	t.Parallel()
	p, err := profile.BuiltIn("uk", rules.All())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range p.Citations(&rules.PreConsentAdvertising) {
		got = append(got, c.Instrument.ID+" "+c.Provision)
	}
	want := []string{"UK-PECR Regulation 6", "UK-GDPR Article 7", "UK-GDPR Article 6(1)(a)", "UK-PECR Schedule A1", "ICO-STORAGE-ACCESS "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
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
		"unknown place":      strings.Replace(good, "basis", "places: [MARS], basis", 1),
		"instead of nothing": strings.Replace(good, "basis", "places: [UK], instead: {CNIL-1999: [GDPR]}, basis", 1),
		"nothing instead":    strings.Replace(good, "basis", "places: [UK], instead: {GDPR: [CNIL-1999]}, basis", 1),
		"a slip":             strings.Replace(good, "title", "titel", 1),
		"no condition":       strings.Replace(good, "rules:", "statistics: {after_refusal: true}, rules:", 1),
		"empty":              "",
	} {
		if _, err := profile.Parse([]byte(text), rules.All()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
