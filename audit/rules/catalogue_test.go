package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/audit/declared"
	"cookieaudit/audit/law"
	"cookieaudit/audit/purpose"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	ids, titles := map[string]bool{}, map[string]bool{}
	known := law.All()
	for _, r := range rules.All() {
		if ids[r.ID] || titles[r.Title] {
			t.Errorf("%s: the ID or the title %q is taken", r.ID, r.Title)
		}
		ids[r.ID], titles[r.Title] = true, true
		if r.ID == "" || r.ID != strings.ToUpper(r.ID) || r.Title == "" || r.Check == nil {
			t.Errorf("%q lacks an ID, a title or a check", r.ID)
		}
		if !slices.Contains(audit.Severities(), r.Severity) || !slices.Contains([]audit.Certainty{audit.Confirmed, audit.Likely, audit.Possible}, r.Certainty) {
			t.Errorf("%s: severity %q, certainty %q", r.ID, r.Severity, r.Certainty)
		}
		for what, text := range map[string]string{"condition": r.Condition, "control": r.Control, "remediation": r.Remediation} {
			if len(text) < 40 || !strings.HasSuffix(text, ".") {
				t.Errorf("%s: the %s is no sentence: %q", r.ID, what, text)
			}
		}
		if len(r.Cites) == 0 {
			t.Errorf("%s cites nothing", r.ID)
		}
		for _, c := range r.Cites {
			if !slices.Contains(known, c) {
				t.Errorf("%s cites what law.All does not list: %+v", r.ID, c)
			}
			if _, err := time.Parse(time.DateOnly, c.AsOf); err != nil || c.Instrument.Authority == "" {
				t.Errorf("%s: a citation needs authority and date: %+v", r.ID, c)
			}
		}
	}
}

// Every rule must answer a scan in which nothing could be looked at, and never
// by a pass.
func TestNothingLookedAtIsNeverAPass(t *testing.T) {
	t.Parallel()
	c, err := purpose.New()
	if err != nil {
		t.Fatal(err)
	}
	e := audit.Engine{Rules: rules.All(), Classifier: c, Matcher: declared.Matcher{}}
	scan := &evidence.Scan{
		Site:         evidence.Site{Domain: "mill.test"},
		Visits:       []evidence.Visit{{Phase: evidence.Before, Outcome: evidence.Unavailable, Why: "no such host"}},
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Unavailable, Why: "no such host"},
	}
	for _, f := range e.Judge(scan).Findings {
		if f.Verdict != audit.Inconclusive {
			t.Errorf("%s: %s (%s)", f.Rule, f.Verdict, f.Message)
		}
	}
}

// A scan in which everything was looked at and nothing is wrong passes, or says
// that a rule does not apply.
func TestCleanScan(t *testing.T) {
	t.Parallel()
	c, err := purpose.New([]byte(knowledge))
	if err != nil {
		t.Fatal(err)
	}
	e := audit.Engine{Rules: rules.All(), Classifier: c, Matcher: declared.Matcher{}}
	necessary := func(d evidence.Declaration) evidence.Declaration {
		d.Category = evidence.Necessary
		return d
	}
	statistics := declaration("id", "kite.test", "1 year", 365*days)
	statistics.Category = evidence.Analytics
	scan := newScan(everyPhase, compared(elsewhere("PHPSESSID", evidence.Necessary, 30)),
		with(cookie("PHPSESSID", "www.mill.test", 0, identifying, secured), cookie("cookieconsent_status", "mill.test", 180*days, secured),
			cookie("id", "kite.test", 365*days, only(evidence.Accept), answered(2000))),
		declares(necessary(declaration("PHPSESSID", "", "session", 0)), necessary(declaration("cookieconsent_status", ".mill.test", "6 months", 180*days)), statistics),
	)
	got := map[string]audit.Verdict{}
	for _, f := range e.Judge(scan).Findings {
		if f.Verdict != audit.Pass {
			got[f.Rule] = f.Verdict
		}
	}
	want := map[string]audit.Verdict{}
	for _, id := range []string{
		"NO_CONSENT_MECHANISM", "POLICY_CLAIM_CONTRADICTED", "POLICY_INTERNAL_CONTRADICTION", "CONSENT_LIFETIME_EXCESSIVE", "CONSENT_ASYMMETRIC_LIFETIME",
		"CONSENT_BEFORE_ACTION", "TCF_SIGNAL_MISMATCH", "CONSENT_MODE_MISMATCH", "GPC_IGNORED", "WILDCARD_OVERBROAD", "LIFETIME_OVER_CEILING", "CNAME_CLOAKED_TRACKER",
	} {
		want[id] = audit.NotApplicable
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkAudit(b *testing.B) {
	c, err := purpose.New([]byte(knowledge))
	if err != nil {
		b.Fatal(err)
	}
	e := audit.Engine{Rules: rules.All(), Classifier: c, Matcher: declared.Matcher{}}
	scan := newScan(policyText(strings.Repeat("We use cookies of Kite Statistics to count visits. ", 2000)))
	for i := range 100 {
		name := fmt.Sprintf("cookie_%d", i)
		with(cookie(name, "www.mill.test", 365*days), cookie("_ga_"+name, fmt.Sprintf("p%d.test", i), 60))(scan)
		declares(declaration(name, "", "1 year", 365*days))(scan)
	}
	for b.Loop() {
		e.Judge(scan)
	}
}
