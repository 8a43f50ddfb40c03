package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func manyFindings(kind audit.SubjectKind, sev audit.Severity, n int) *audit.Judgement {
	j := &audit.Judgement{}
	for i := range n {
		domain := "civic.test"
		if i >= 4 {
			domain = "other.test"
		}
		j.Findings = append(j.Findings, audit.Finding{
			Rule: "RULE", Title: "Something", Verdict: audit.Violation, Severity: sev, Certainty: audit.Possible,
			Subject: audit.Subject{Kind: kind, Name: fmt.Sprintf("n%d", i), Domain: domain},
			Message: fmt.Sprintf("message %d", i),
		})
	}
	return j
}

func table(t *testing.T, r *report.Report, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteTable(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Many findings of one rule are names, and none of them is lost.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		kind     audit.SubjectKind
		severity audit.Severity
		n        int
		details  bool
		messages int    // told in full
		want     string // the list of names
	}{
		{"few of low severity", audit.SubjectCookie, audit.Info, 3, false, 3, ""},
		{"many of low severity", audit.SubjectCookie, audit.Low, 6, false, 0, "  * 6 cookies [possible]:\n    n0, n1, n2, n3 (civic.test); n4, n5 (other.test)\n"},
		{"many of low severity with details", audit.SubjectCookie, audit.Low, 6, true, 6, ""},
		{"some of high severity", audit.SubjectCookie, audit.High, 10, false, 10, ""},
		{"many of high severity", audit.SubjectCookie, audit.High, 12, false, 10, "  * 2 further cookies [possible]:\n    n10, n11 (other.test)\n"},
		{"declarations", audit.SubjectDeclaration, audit.Medium, 6, false, 3, "  * 3 further declarations [possible]:\n    n3 (civic.test); n4, n5 (other.test)\n"},
		{"many of high severity with details", audit.SubjectCookie, audit.High, 12, true, 12, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := table(t, report.New(empty().scan, manyFindings(tt.kind, tt.severity, tt.n)), report.Options{Details: tt.details})
			if got := strings.Count(out, "message "); got != tt.messages {
				t.Errorf("%d findings are told in full, want %d:\n%s", got, tt.messages, out)
			}
			if !strings.Contains(out, tt.want) {
				t.Errorf("%q is missing in:\n%s", tt.want, out)
			}
			if got := strings.Contains(out, "s [possible]"); got != (tt.want != "") {
				t.Errorf("a list of names in:\n%s", out)
			}
		})
	}
}

// A list of thousands of names is cut and says so.
func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	out := table(t, report.New(empty().scan, manyFindings(audit.SubjectCookie, audit.Low, 5000)), report.Options{})
	if n := strings.Count(out, "\n"); n > 60 || !strings.Contains(strings.Join(strings.Fields(out), " "), "; and 4940 more") {
		t.Errorf("%d lines:\n%.2000s", n, out)
	}
}

// A message is whole up to its limit, and the line below names the setter where
// the message does not.
func TestFindingSaysWhere(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 50)
	seen := audit.Exhibit{Phase: evidence.Before, Page: "https://civic.test/", What: "set", Source: "https://s.test/a.js:17:19"}
	tests := []struct {
		name     string
		message  string
		evidence []audit.Exhibit
		want     []string
	}{
		{"long message", long + "end.", nil, []string{"word end."}},
		{"too long", long + long + "end.", nil, []string{"word…"}},
		{"setter", "m", []audit.Exhibit{seen}, []string{"    m", "    Seen before any answer on https://civic.test/, by https://s.test/a.js:17:19"}},
		{"setter in the message", "m https://s.test/a.js", []audit.Exhibit{seen}, []string{"    m https://s.test/a.js", "    Seen before any answer on https://civic.test/"}},
		{"several", "m", []audit.Exhibit{{What: "basis"}, seen, seen}, []string{"    m", "    Seen before any answer on https://civic.test/, by https://s.test/a.js:17:19", "    (1 of 2 observations)"}},
		{"policy only", "m", []audit.Exhibit{{What: "says", Source: "https://civic.test/p"}}, []string{"    m"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			j := manyFindings(audit.SubjectCookie, audit.High, 1)
			j.Findings[0].Message, j.Findings[0].Evidence = tt.message, tt.evidence
			out := table(t, report.New(empty().scan, j), report.Options{})
			_, rest, _ := strings.Cut(out, "[possible]\n")
			got, _, _ := strings.Cut(rest, "\n\n")
			lines := strings.Split(got, "\n")
			if strings.HasPrefix(tt.message, "word") {
				if last := lines[len(lines)-1]; !strings.HasSuffix(last, tt.want[0]) {
					t.Errorf("last line %q, want …%q", last, tt.want[0])
				}
				return
			}
			if d := cmp.Diff(tt.want, lines); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// What the policy lists among the cookies and a script keeps in localStorage is
// not shown as undeclared without more ado.
func TestStorageDeclaredAsCookie(t *testing.T) {
	t.Parallel()
	s := empty().scan
	s.Storage = []evidence.StorageItem{{Kind: evidence.KindLocalStorage, Origin: "https://quiet.test", Key: "player-id", Party: evidence.First, Phases: []evidence.Phase{evidence.Before}}}
	s.Declarations = []evidence.Declaration{{Name: "player-id", Storage: evidence.KindCookie}}
	j := &audit.Judgement{Storage: []audit.Assessment{{Match: audit.Match{State: audit.Undeclared}}}, Observed: []bool{true}}
	if out := table(t, report.New(s, j), report.Options{}); !strings.Contains(out, "as cookie") {
		t.Error(out)
	}
	j.Observed[0] = false // a row for another host
	if out := table(t, report.New(s, j), report.Options{}); strings.Contains(out, "as cookie") {
		t.Error(out)
	}
}

// What failed for one reason says so once, and no reason is lost.
func TestReasonsStandOnce(t *testing.T) {
	t.Parallel()
	s := unavailable().scan
	s.Why = "before: it hung; reject: it hung; accept: it hung; policy: it hung too"
	for i := range s.Visits {
		s.Visits[i].Why = "it hung"
	}
	s.PolicySearch.Outcome, s.PolicySearch.Why = evidence.Unavailable, "it hung too"
	j := &audit.Judgement{}
	for i, why := range []string{"before hung", "before hung", "policy hung"} {
		j.Findings = append(j.Findings, audit.Finding{Rule: fmt.Sprintf("RULE%d", i), Verdict: audit.Inconclusive, Severity: audit.High, Message: why})
	}
	out := table(t, report.New(s, j), report.Options{})
	for _, want := range []string{
		"! scan      the scan is unavailable\n",
		"! phases    before, reject, accept: the phase is unavailable: it hung\n",
		"! policy    the search for the policy is unavailable: it hung too\n",
		"COULD NOT TELL (3)\n  RULE0, RULE1\n    before hung\n  RULE2\n    policy hung\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	s.Why += "; the disk is full"
	if out := table(t, report.New(s, j), report.Options{}); !strings.Contains(out, "the disk is full") {
		t.Errorf("a reason that no other gap gives is lost:\n%s", out)
	}
}

// However long a name, the certainty stands behind it.
func TestLongNamesKeepTheCertainty(t *testing.T) {
	t.Parallel()
	j := manyFindings(audit.SubjectCookie, audit.High, 1)
	j.Findings[0].Subject.Name = strings.Repeat("n", 500)
	if out := table(t, report.New(empty().scan, j), report.Options{}); !strings.Contains(out, "nnn… [possible]\n") {
		t.Error(out)
	}
}

// Two cookies of one name and host are told apart by their paths.
func TestCookiesAlikeShowTheirPaths(t *testing.T) {
	t.Parallel()
	s := rich()
	first := s.scan.Cookies[0]
	first.Path = "/shop/"
	s.scan.Cookies = append(s.scan.Cookies, first)
	if s.judge != nil {
		s.judge.Cookies = append(s.judge.Cookies, s.judge.Cookies[0])
	}
	var b bytes.Buffer
	if err := report.WriteTable(&b, report.New(s.scan, s.judge), report.Options{Width: 200}); err != nil {
		t.Fatal(err)
	}
	if want := first.Domain + "/shop/ "; !strings.Contains(b.String(), want) {
		t.Errorf("%q is missing in\n%s", want, b.String())
	}
}
