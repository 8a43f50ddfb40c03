package report_test

import (
	"bytes"
	"encoding/xml"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// The schema is the one of OASIS, in the library.
func TestSARIFIsValid(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		var b bytes.Buffer
		if err := report.WriteSARIF(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		log, err := sarif.FromBytes(b.Bytes(), sarif.WithStrictValidation())
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if err := log.Validate(); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		complete := s.scan.Outcome == evidence.Complete && len(r.Findings) > 0
		if got := *log.Runs[0].Invocations[0].ExecutionSuccessful; got != complete {
			t.Errorf("%s: execution successful %v, want %v", s.name, got, complete)
		}
		if n := len(log.Runs[0].Results); n != len(r.Findings) {
			t.Errorf("%s: %d results for %d findings", s.name, n, len(r.Findings))
		}
	}
}

// The same finding of two scans is the same result; another subject is not.
func TestSARIFFingerprints(t *testing.T) {
	t.Parallel()
	finding := func(name, message string) audit.Finding {
		return audit.Finding{
			Rule: "R", Title: "T", Verdict: audit.Violation, Severity: audit.High, Message: message,
			Subject: audit.Subject{Kind: audit.SubjectCookie, Name: name, Domain: "a.test"},
		}
	}
	prints := func(f audit.Finding) map[string]string {
		var b bytes.Buffer
		r := report.New(&evidence.Scan{Site: evidence.Site{Host: "a.test"}}, &audit.Judgement{Findings: []audit.Finding{f}})
		if err := report.WriteSARIF(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		log, err := sarif.FromBytes(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		return log.Runs[0].Results[0].PartialFingerprints
	}
	first := prints(finding("_ga", "seen after 10 ms"))
	if d := cmp.Diff(first, prints(finding("_ga", "seen after 90 ms"))); d != "" {
		t.Errorf("another message gives another fingerprint:\n%s", d)
	}
	if cmp.Equal(first, prints(finding("_gid", "seen after 10 ms"))) {
		t.Error("two cookies have one fingerprint")
	}
}

// Addresses come from the site. One that is no URI would make the whole log
// invalid, and one of another scheme would be a link to follow.
func TestSARIFPages(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"https://a.test/x?q=1&b=a%20b":           "https://a.test/x?q=1&b=a%20b",
		"https://a.test/x?q=a b|<c>":             "https://a.test/x?q=a%20b%7C%3Cc%3E",
		"https://a.test/\"x\" y":                 "https://a.test/%22x%22%20y",
		"javascript:alert(1)":                    "https://a.test/",
		"data:text/html,<script>1</script>":      "https://a.test/",
		"https://a.test/\x1b[31m":                "https://a.test/",
		"about:blank":                            "https://a.test/",
		"https://b\u00fccher.test/\u00fc?\u00fc": "https://b%C3%BCcher.test/%C3%BC?%C3%BC",
	} {
		r := report.New(&evidence.Scan{Site: evidence.Site{URL: "https://a.test/", Host: "a.test"}}, &audit.Judgement{
			Findings: []audit.Finding{{Rule: "R", Verdict: audit.Violation, Severity: audit.Low, Evidence: []audit.Exhibit{{Page: page}}}},
		})
		var b bytes.Buffer
		if err := report.WriteSARIF(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		log, err := sarif.FromBytes(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Validate(); err != nil {
			t.Errorf("%q: %v", page, err)
		}
		if got := *log.Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI; got != want {
			t.Errorf("%q: %q, want %q", page, got, want)
		}
	}
}

func TestJUnitCounts(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		var b bytes.Buffer
		if err := report.WriteJUnit(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		var got junit.Testsuites
		if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		want := junit.Testsuites{Errors: len(r.Coverage.Gaps), Tests: len(r.Coverage.Gaps) + len(r.Findings)}
		if len(r.Findings) == 0 {
			want.Errors, want.Tests = want.Errors+1, want.Tests+1
		}
		for _, f := range r.Findings {
			switch {
			case f.Accepted != nil:
				want.Skipped++
			case f.Verdict == audit.Violation:
				want.Failures++
			case f.Verdict == audit.Inconclusive, f.Verdict == audit.NotApplicable:
				want.Skipped++
			}
		}
		counts := junit.Testsuites{Errors: got.Errors, Tests: got.Tests, Failures: got.Failures, Skipped: got.Suites[0].Skipped}
		if d := cmp.Diff(want, counts); d != "" {
			t.Errorf("%s (-want +got):\n%s", s.name, d)
		}
	}
}
