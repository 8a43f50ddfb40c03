package report_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// town2 is a scan of rich's site in which some things changed.
func rich2() sample {
	s := rich()
	s.scan.ID = "scan-rich-2"
	s.scan.Started, s.scan.Finished = at(50), at(51)
	cs := s.scan.Cookies
	cs[0].Secure = false
	cs[1].Requested = ptr(int64(30 * 86400))
	for i := range cs[1].Writes {
		cs[1].Writes[i].Requested = cs[1].Requested
	}
	s.scan.Cookies = append(cs[:2:2], cs[3:]...)
	s.judge.Cookies = append(s.judge.Cookies[:2:2], s.judge.Cookies[3:]...)
	added := cookie("_new", town, evidence.First, ptr(int64(86400)), write{evidence.Before, 90, false, evidence.HTTP, "https://" + town + "/"})
	s.scan.Cookies = append(s.scan.Cookies, added)
	s.judge.Cookies = append(s.judge.Cookies, audit.Assessment{})
	s.scan.Declarations[0].Lifetime = "13 months"
	s.judge.Findings = append(s.judge.Findings[1:len(s.judge.Findings):len(s.judge.Findings)], audit.Finding{
		Rule: "UNDECLARED_COOKIE", Title: "Cookie that the policy does not name", Verdict: audit.Violation, Severity: audit.Critical,
		Certainty: audit.Confirmed, Subject: audit.Subject{Kind: audit.SubjectCookie, Name: "_new", Domain: town}, Message: "the policy does not name _new",
	})
	return s
}

func TestDiffGolden(t *testing.T) {
	t.Parallel()
	build := func(s sample) *report.Report { return report.New(s.scan, s.judge) }
	broken := partial()
	broken.scan.Site = rich().scan.Site
	for name, d := range map[string]*report.Diff{
		"diff":      report.Compare(build(rich()), build(rich2())),
		"same.diff": report.Compare(build(rich()), build(rich())),
		"gaps.diff": report.Compare(build(rich()), build(broken)),
	} {
		for _, f := range report.DiffFormats() {
			var b bytes.Buffer
			if err := f.Write(&b, d, report.Options{}); err != nil {
				t.Fatal(err)
			}
			golden(t, name+map[string]string{"table": ".txt", "json": ".json", "md": ".md"}[f.Name], b.Bytes())
		}
	}
}

// change names a change without its fields.
type change struct {
	Change report.ChangeKind
	Name   string
	Proven bool
}

func brief(cs []report.Change) []change {
	var out []change
	for _, c := range cs {
		out = append(out, change{c.Change, c.Name, c.Proven})
	}
	return out
}

// scanWith is a scan of one cookie in which phases end as told.
func scanWith(name string, seen evidence.Phase, outcomes map[evidence.Phase]evidence.Outcome) *report.Report {
	s := newScan("scan", "a.test")
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept} {
		v := visit(p, "a.test", evidence.NotAsked)
		if o, ok := outcomes[p]; ok {
			v.Outcome, s.Outcome = o, evidence.Partial
		}
		s.Visits = append(s.Visits, v)
	}
	if name != "" {
		s.Cookies = []evidence.Cookie{cookie(name, "a.test", evidence.First, nil, write{seen, 5, false, evidence.HTTP, "https://a.test/"})}
	}
	return report.New(s, nil)
}

// What the other scan could not see is neither new nor gone for certain.
func TestDiffTellsUnprovenApart(t *testing.T) {
	t.Parallel()
	cut := map[evidence.Phase]evidence.Outcome{evidence.Accept: evidence.Unavailable}
	for name, c := range map[string]struct {
		older, newer *report.Report
		want         []change
	}{
		"gone":                         {scanWith("k", evidence.Accept, nil), scanWith("", "", nil), []change{{report.Gone, "k", true}}},
		"gone, other phase cut":        {scanWith("k", evidence.Before, nil), scanWith("", "", cut), []change{{report.Gone, "k", true}}},
		"gone, its phase cut":          {scanWith("k", evidence.Accept, nil), scanWith("", "", cut), []change{{report.Gone, "k", false}}},
		"new":                          {scanWith("", "", nil), scanWith("k", evidence.Accept, nil), []change{{report.Appeared, "k", true}}},
		"new, its phase cut before":    {scanWith("", "", cut), scanWith("k", evidence.Accept, nil), []change{{report.Appeared, "k", false}}},
		"there, not looked at since":   {scanWith("k", evidence.Before, nil), scanWith("k", evidence.Before, cut), nil},
		"same name in the same places": {scanWith("k", evidence.Before, nil), scanWith("k", evidence.Before, nil), nil},
	} {
		if d := cmp.Diff(c.want, brief(report.Compare(c.older, c.newer).Cookies)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// Seconds that pass between two visits are no change, and a day is.
func TestDiffLifetimes(t *testing.T) {
	t.Parallel()
	const year = 365 * 86400
	for _, c := range []struct {
		older, newer *int64
		changed      bool
	}{
		{ptr(int64(year)), ptr(int64(year)), false},
		{ptr(int64(year)), ptr(int64(year - 3)), false},
		{ptr(int64(3600)), ptr(int64(3500)), false},
		{ptr(int64(3600)), ptr(int64(1800)), true},
		{ptr(int64(year)), ptr(int64(year - 30*86400)), true},
		{ptr(int64(year)), nil, true},
		{nil, nil, false},
	} {
		build := func(life *int64) *report.Report {
			r := scanWith("k", evidence.Before, nil)
			r.Cookies[0].RequestedSeconds, r.Cookies[0].Session = life, life == nil
			return r
		}
		if got := len(report.Compare(build(c.older), build(c.newer)).Cookies) > 0; got != c.changed {
			t.Errorf("%v to %v: changed %v, want %v", c.older, c.newer, got, c.changed)
		}
	}
}

func finding(name string, sev audit.Severity, v audit.Verdict) audit.Finding {
	return audit.Finding{Rule: "R", Verdict: v, Severity: sev, Subject: audit.Subject{Kind: audit.SubjectCookie, Name: name}}
}

// A violation counts as new where it was not there, or was less grave.
func TestDiffNewViolations(t *testing.T) {
	t.Parallel()
	build := func(fs ...audit.Finding) *report.Report {
		return report.New(newScan("scan", "a.test"), &audit.Judgement{Findings: fs})
	}
	high, medium := finding("k", audit.High, audit.Violation), finding("k", audit.Medium, audit.Violation)
	pass, unsure := finding("", audit.High, audit.Pass), finding("", audit.High, audit.Inconclusive)
	for name, c := range map[string]struct {
		older, newer *report.Report
		want         []change
		high         int
	}{
		"new":           {build(pass), build(high), []change{{report.Appeared, "k", true}}, 1},
		"new, low":      {build(pass), build(medium), []change{{report.Appeared, "k", true}}, 0},
		"graver":        {build(medium), build(high), []change{{report.Changed, "k", true}}, 1},
		"less grave":    {build(high), build(medium), []change{{report.Changed, "k", true}}, 0},
		"still there":   {build(high), build(high), nil, 0},
		"mended":        {build(high), build(pass), []change{{report.Gone, "k", true}}, 0},
		"could not say": {build(high), build(unsure), []change{{report.Gone, "k", false}}, 0},
		"not asked":     {build(high), build(), []change{{report.Gone, "k", false}}, 0},
	} {
		d := report.Compare(c.older, c.newer)
		if diff := cmp.Diff(c.want, brief(d.Findings)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got := d.NewAtLeast(audit.High); got != c.high {
			t.Errorf("%s: %d new high violations, want %d", name, got, c.high)
		}
	}
}
