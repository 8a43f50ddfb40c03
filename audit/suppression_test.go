package audit

import (
	"testing"
	"time"

	"cookieaudit/crawler/evidence"
)

// The last day of an acceptance is the last one on which Accept accepts, whoever
// accepts and however many do.
func TestAcceptedUntil(t *testing.T) {
	t.Parallel()
	site := evidence.Site{URL: "https://www.shop.test/", Host: "www.shop.test", Domain: "shop.test"}
	decision := func(rule, site, subject, expires string) Suppression {
		return Suppression{Rule: rule, Site: site, Subject: subject, Acceptance: Acceptance{ID: "d", Expires: expires}}
	}
	tests := []struct {
		name         string
		was          *Acceptance
		suppressions []Suppression
		want         string
	}{
		{"nobody", nil, nil, ""},
		{"a file", &Acceptance{Expires: "2026-03-05"}, nil, "2026-03-05"},
		{"a file without a day", &Acceptance{Expires: "soon"}, nil, ""},
		{"a decision that was withdrawn", &Acceptance{ID: "gone", Expires: "2026-03-05"}, nil, ""},
		{"a decision", nil, []Suppression{decision("A", "", "", "2026-03-04")}, "2026-03-04"},
		{"the later one", nil, []Suppression{decision("A", "*shop.test", "_*", "2026-03-04"), decision("A", "shop.test", "_s", "2026-03-09"), decision("A", "", "", "2026-03-01")}, "2026-03-09"},
		{"a file for longer", &Acceptance{Expires: "2026-03-08"}, []Suppression{decision("A", "", "", "2026-03-04")}, "2026-03-08"},
		{"a file for less", &Acceptance{Expires: "2026-03-02"}, []Suppression{decision("A", "", "", "2026-03-04")}, "2026-03-04"},
		{"others", nil, []Suppression{decision("B", "", "", "2026-03-04"), decision("A", "else.test", "", "2026-03-04"), decision("A", "", "_S", "2026-03-04"), decision("A", "", "", "2026-02-30")}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := Finding{Rule: "A", Verdict: Violation, Subject: Subject{Name: "_s"}, Accepted: test.was}
			last := AcceptedUntil(&f, site, test.suppressions)
			if last != test.want {
				t.Errorf("%q, want %q", last, test.want)
			}
			for n := range 15 {
				day := time.Date(2026, time.February, 26+n, 23, 59, 59, 0, time.UTC)
				accepted := Accept([]Finding{f}, site, day, test.suppressions)[0].Accepted != nil
				if want := day.Format(time.DateOnly) <= last; accepted != want {
					t.Errorf("on %s: accepted is %t", day.Format(time.DateOnly), accepted)
				}
			}
		})
	}
}
