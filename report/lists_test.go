package report_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func reports() []*report.Report {
	var rs []*report.Report
	for _, s := range samples() {
		rs = append(rs, report.New(s.scan, s.judge))
	}
	return rs
}

func TestSummaryGolden(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.WriteSummary(&b, reports(), report.Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.txt", b.Bytes())
}

func TestIndexGolden(t *testing.T) {
	t.Parallel()
	var entries []report.IndexEntry
	for i, r := range reports() {
		path := []string{"rich.html", "sites/a b?c#d.html", "javascript:alert(1)", "", "../up/%41.html"}[i]
		entries = append(entries, report.IndexEntry{Report: r, Path: path})
	}
	var b bytes.Buffer
	if err := report.WriteIndex(&b, entries); err != nil {
		t.Fatal(err)
	}
	golden(t, "index.html", b.Bytes())
	for _, want := range []string{`href="rich.html"`, `href="sites/a%20b%3Fc%23d.html"`, `href="./javascript:alert%281%29"`, `href="../up/%2541.html"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestPolicyGolden(t *testing.T) {
	t.Parallel()
	s := rich().scan
	for name, p := range map[string]*report.PolicyReport{
		"policy":         report.NewPolicy(s.Policies[0], s.Declarations, s.Claims, true),
		"policy.none":    report.NewPolicy(empty().scan.Policies[0], nil, nil, true),
		"policy.nothing": report.NewPolicy(evidence.PolicyDocument{URL: "page.txt", Format: "text"}, nil, nil, false),
	} {
		var doc, table bytes.Buffer
		if err := report.WritePolicyJSON(&doc, p); err != nil {
			t.Fatal(err)
		}
		if err := report.WritePolicyTable(&table, p, report.Options{}); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", doc.Bytes())
		golden(t, name+".txt", table.Bytes())
	}
}

func TestWorst(t *testing.T) {
	t.Parallel()
	find := func(v audit.Verdict, s audit.Severity) audit.Finding { return audit.Finding{Verdict: v, Severity: s} }
	for name, c := range map[string]struct {
		findings []audit.Finding
		worst    audit.Severity
		high     int
	}{
		"none":                   {nil, "", 0},
		"inconclusive is none":   {[]audit.Finding{find(audit.Inconclusive, audit.Critical), find(audit.Pass, audit.High)}, "", 0},
		"below":                  {[]audit.Finding{find(audit.Violation, audit.Info), find(audit.Violation, audit.Medium)}, audit.Medium, 0},
		"at and above":           {[]audit.Finding{find(audit.Violation, audit.High), find(audit.Violation, audit.Critical), find(audit.Violation, audit.Low)}, audit.Critical, 2},
		"not applicable, though": {[]audit.Finding{find(audit.NotApplicable, audit.High), find(audit.Violation, audit.Low)}, audit.Low, 0},
	} {
		r := report.New(&evidence.Scan{}, &audit.Judgement{Findings: c.findings})
		worst, ok := r.Worst()
		if worst != c.worst || ok != (c.worst != "") || r.CountAtLeast(audit.High) != c.high {
			t.Errorf("%s: worst %q %t, %d at least high", name, worst, ok, r.CountAtLeast(audit.High))
		}
	}
}

// The headline never claims more than was looked at.
func TestHeadline(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"rich":        "7 potential violations: 2 critical, 3 high, 1 medium, 1 info; 1 rule could not tell; 2 rules need phases that were not asked for",
		"empty":       "No potential violation found",
		"partial":     "The scan was not audited: no rule was asked",
		"unavailable": "The site could not be looked at: nothing is known about its cookies",
		"hostile":     "20 potential violations: 20 medium; not everything could be proven",
	}
	for _, s := range samples() {
		if got := report.New(s.scan, s.judge).Summary.Headline; got != want[s.name] {
			t.Errorf("%s: %q, want %q", s.name, got, want[s.name])
		}
	}
	s := partial()
	r := report.New(s.scan, &audit.Judgement{Findings: passes("A")})
	if got, want := r.Summary.Headline, "No potential violation found in the part of the site that could be looked at"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, f := range report.Formats() {
		if got, err := report.ParseFormat(f.Name); err != nil || got.Name != f.Name || got.About == "" || !strings.HasPrefix(got.Extension, ".") {
			t.Errorf("%s: %+v, %v", f.Name, got, err)
		}
	}
	if _, err := report.ParseFormat("pdf2"); err == nil || !strings.Contains(err.Error(), "table, json, jsonl, csv, html, md") {
		t.Errorf("error %v does not list the formats", err)
	}
	for _, k := range report.CSVKinds() {
		if got, err := report.ParseCSVKind(string(k)); err != nil || got != k {
			t.Errorf("%s: %s, %v", k, got, err)
		}
	}
	if _, err := report.ParseCSVKind("all"); err == nil || !strings.Contains(err.Error(), "cookies, findings, declarations, storage, coverage") {
		t.Errorf("error %v does not list the kinds", err)
	}
}

// What a site wrote stays text in Markdown, and cells stay cells.
func TestMarkdownIsLiteral(t *testing.T) {
	t.Parallel()
	s := hostile()
	var b bytes.Buffer
	if err := report.WriteMarkdown(&b, report.New(s.scan, s.judge), report.Options{}); err != nil {
		t.Fatal(err)
	}
	active := regexp.MustCompile("(^|[^\\\\])[<`\\[]|[^\\\\]://|www\\.|@[a-z]")
	for l := range strings.Lines(b.String()) {
		if m := active.FindString(l); m != "" {
			t.Errorf("%q in %q", m, l)
		}
		if cells := regexp.MustCompile(`(^|[^\\])\|`).FindAllString(l, -1); strings.HasPrefix(l, "| medium") && len(cells) != 6 {
			t.Errorf("%d cell borders, want 6: %s", len(cells), l)
		}
	}
}
