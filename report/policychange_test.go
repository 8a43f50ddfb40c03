package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// A document as a test states it.
type document struct {
	url, text string
	names     []string // declared
}

// policyScan is a scan that read documents at noon of a day.
func policyScan(day int, search evidence.Outcome, docs ...document) *report.Report {
	at := time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC)
	scan := &evidence.Scan{
		ID: fmt.Sprintf("scan-%d", day), Started: at, Site: evidence.Site{URL: "https://a.test/"},
		PolicySearch: evidence.PolicySearch{Outcome: search, Found: len(docs) > 0},
	}
	for i, d := range docs {
		scan.Policies = append(scan.Policies, evidence.PolicyDocument{
			// The bytes differ from load to load.
			URL: d.url, Title: "Policy", Format: "html", Fetched: at, SHA256: fmt.Sprintf("bytes %d of day %d", i, day), Text: d.text,
		})
		for _, name := range d.names {
			scan.Declarations = append(scan.Declarations, evidence.Declaration{Name: name, Storage: evidence.KindCookie, Source: evidence.Source{URL: d.url}})
		}
	}
	return report.New(scan, nil)
}

const (
	cookiePage  = "https://a.test/cookies"
	privacyPage = "https://a.test/privacy"
	longText    = "We use cookies.\nOne.\nTwo.\nThree.\nFour.\n_a lasts a year.\n"
)

func TestComparePolicies(t *testing.T) {
	t.Parallel()
	same := document{cookiePage, longText, []string{"_a"}}
	tests := []struct {
		name           string
		older, between *report.Report
		newer          *report.Report
		outcome        report.ComparisonOutcome
		want           string // change, proven, address, declarations and lines
	}{
		{name: "no earlier scan", newer: policyScan(2, evidence.Complete, same), outcome: report.NoEarlierScan},
		{
			name: "other bytes, other white space, the same text", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, same), newer: policyScan(2, evidence.Complete, document{"http://www.a.test/cookies/#top", "  " + strings.ReplaceAll(longText, "\n", " \n\n"), []string{"_a"}}),
		},
		{name: "nothing changed", older: policyScan(1, evidence.Complete, same), newer: policyScan(2, evidence.Complete, same), outcome: report.PolicyCompared},
		{
			name: "text and a declaration", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, same), newer: policyScan(2, evidence.Complete, document{cookiePage, strings.Replace(longText, "a year", "two years", 1) + "_b is new.\n", []string{"_a", "_b"}}),
			want: "changed https://a.test/cookies +_b [-_a lasts a year. +_a lasts two years. +_b is new.]",
		},
		{
			name: "a declaration alone", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, same), newer: policyScan(2, evidence.Complete, document{cookiePage, longText, nil}),
			want: "changed https://a.test/cookies -_a",
		},
		{
			name: "moved", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, document{cookiePage, longText, nil}), newer: policyScan(2, evidence.Complete, document{privacyPage, longText, nil}),
			want: "moved https://a.test/privacy <https://a.test/cookies",
		},
		{
			name: "moved and changed", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, document{cookiePage, longText, nil}), newer: policyScan(2, evidence.Complete, document{privacyPage, longText + "Five.\n", nil}),
			want: "moved https://a.test/privacy <https://a.test/cookies [+Five.]",
		},
		{
			name: "one gone, another new", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, document{cookiePage, longText, nil}), newer: policyScan(2, evidence.Complete, document{privacyPage, "Quite\nanother\ntext.", nil}),
			want: "new https://a.test/privacy; gone https://a.test/cookies",
		},
		{
			name: "gone as far as could be seen", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, same, document{privacyPage, "Else.", nil}), newer: policyScan(2, evidence.Partial, same),
			want: "gone? https://a.test/privacy",
		},
		{
			name: "new as far as could be seen", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Partial, same), newer: policyScan(2, evidence.Complete, same, document{privacyPage, "Else.", nil}),
			want: "new? https://a.test/privacy",
		},
		{
			name: "there was none before", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete), newer: policyScan(2, evidence.Complete, same), want: "new https://a.test/cookies",
		},
		{
			name: "there is none any more", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, same), newer: policyScan(2, evidence.Complete), want: "gone https://a.test/cookies",
		},
		{name: "not readable now", older: policyScan(1, evidence.Complete, same), newer: policyScan(2, evidence.Unavailable), outcome: report.CouldNotCompare},
		{name: "not readable before", older: policyScan(1, evidence.Unavailable), newer: policyScan(2, evidence.Complete, same), outcome: report.CouldNotCompare},
		{name: "never readable before", between: policyScan(1, evidence.Unavailable), newer: policyScan(2, evidence.Complete, same), outcome: report.CouldNotCompare},
		{
			name: "not readable in between", outcome: report.PolicyCompared,
			older: policyScan(1, evidence.Complete, same), between: policyScan(2, evidence.Unavailable), newer: policyScan(3, evidence.Complete, same),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := test.newer.PolicyCompared.Outcome; got != report.NotCompared {
				t.Errorf("before it was compared: %s", got)
			}
			test.newer.ComparePolicies(test.older, test.between)
			if got := test.newer.PolicyCompared.Outcome; got != test.outcome {
				t.Errorf("outcome %s, want %s", got, test.outcome)
			}
			var got []string
			for _, c := range test.newer.PolicyChanges {
				got = append(got, changeText(c))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if test.between != nil && test.newer.PolicyCompared.Why == "" {
				t.Error("nothing says that a scan in between could not read the policy")
			}
			var table strings.Builder
			if err := report.WriteTable(&table, test.newer, report.Options{}); err != nil {
				t.Fatal(err)
			}
			if unchanged := test.outcome == report.PolicyCompared && test.want == ""; unchanged != strings.Contains(table.String(), "unchanged since") {
				t.Errorf("the table says whether it is unchanged, want %v:\n%s", unchanged, table.String())
			}
		})
	}
}

func changeText(c report.PolicyChange) string {
	text := string(c.Change)
	if !c.Proven {
		text += "?"
	}
	text += " " + c.URL
	if c.OldURL != "" {
		text += " <" + c.OldURL
	}
	sign := map[report.ChangeKind]string{report.Appeared: "+", report.Gone: "-", report.Changed: "~"}
	for _, d := range c.Declarations {
		text += " " + sign[d.Change] + d.Name
	}
	var lines []string
	for _, l := range c.Lines {
		lines = append(lines, sign[l.Change]+l.Text)
	}
	if len(lines) > 0 {
		text += " [" + strings.Join(lines, " ") + "]"
	}
	return text
}

func TestPolicyChangeTells(t *testing.T) {
	t.Parallel()
	older := policyScan(1, evidence.Complete, document{cookiePage, longText, nil})
	newer := policyScan(9, evidence.Complete, document{cookiePage, longText + strings.Repeat("é", 1000) + "\n<script>alert(1)</script>", nil})
	newer.ComparePolicies(older, nil)
	c := newer.PolicyChanges[0]
	if want := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC); c.LastSame == nil || !c.LastSame.Equal(want) {
		t.Errorf("last seen as before %v, want %v", c.LastSame, want)
	}
	if want := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC); c.Fetched == nil || !c.Fetched.Equal(want) {
		t.Errorf("fetched %v, want %v", c.Fetched, want)
	}
	if len([]rune(c.Lines[0].Text)) > 310 || !strings.HasSuffix(c.Lines[0].Text, "é…") {
		t.Errorf("line %q", c.Lines[0].Text)
	}
	var table, page strings.Builder
	if err := report.WriteTable(&table, newer, report.Options{Details: true}); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteHTML(&page, newer, report.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"policy changed since scan scan-1 of 2026-03-01", "2 lines", "last seen as before on 2026-03-01"} {
		if text := strings.Join(strings.Fields(table.String()), " "); !strings.Contains(text, want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
	for _, want := range []string{"Policy changed since scan scan-1 of 2026-03-01", "<ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// A site may send a policy of any size and in any order: what is told stays short
// and the comparison linear.
func TestPolicyChangesAreBounded(t *testing.T) {
	t.Parallel()
	lines := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "line %d\n", i)
		}
		return b.String()
	}
	var older, newer []document
	for i := range 20 {
		older = append(older, document{fmt.Sprintf("https://a.test/old%d", i), lines(i*100_000, i*100_000+50_000), nil})
		newer = append(newer, document{fmt.Sprintf("https://a.test/new%d", i), lines(i*100_000+40_000, i*100_000+90_000), nil})
	}
	older[0].url, newer[0].url = cookiePage, cookiePage
	was, is := policyScan(1, evidence.Complete, older...), policyScan(2, evidence.Complete, newer...)
	is.ComparePolicies(was, nil)
	if len(is.PolicyChanges) != 39 {
		t.Errorf("%d changes, want one of the same page, and 19 new and 19 gone ones", len(is.PolicyChanges))
	}
	c := is.PolicyChanges[0]
	if len(c.Lines) != 60 || c.MoreLines != 80_000-60 {
		t.Errorf("%d lines and %d more, want 60 of 80,000", len(c.Lines), c.MoreLines)
	}
	kinds := map[report.ChangeKind]int{}
	for _, l := range c.Lines {
		kinds[l.Change]++
	}
	if kinds[report.Gone] != 30 || kinds[report.Appeared] != 30 {
		t.Errorf("lines of both kinds: %v", kinds)
	}
}
