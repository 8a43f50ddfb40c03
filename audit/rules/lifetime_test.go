package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestLifetimeLongerThanDeclared(t *testing.T) {
	t.Parallel()
	judge(t, rules.LifetimeLongerThanDeclared, []verdictCase{
		{
			name: "far longer", scan: newScan(with(cookie("_gid", "mill.test", 730*days)), declares(declaration("_gid", "", "1 day", days))), want: audit.Violation,
			subjects: cookies("_gid", "mill.test"), severity: audit.High, certainty: audit.Confirmed, says: []string{"declared 1 day, set for 730 days", "730 times as long"},
		},
		{
			name: "three months for two, strictly", scan: newScan(with(cookie("a", "mill.test", 90*days)), declares(declaration("a", "", "2 months", 60*days+1))), strict: true,
			want: audit.Violation, subjects: cookies("a", "mill.test"), severity: audit.Medium,
		},
		{name: "three months for two", scan: newScan(with(cookie("a", "mill.test", 90*days)), declares(declaration("a", "", "2 months", 60*days))), want: audit.Pass},
		{name: "a long month, strictly", scan: newScan(with(cookie("a", "mill.test", 31*days)), declares(declaration("a", "", "1 month", 30*days))), strict: true, want: audit.Pass},
		{
			name: "of no known purpose", scan: newScan(with(cookie("a", "mill.test", 730*days)), declares(declaration("a", "", "1 an", 365*days))), want: audit.Violation,
			subjects: cookies("a", "mill.test"), severity: audit.Medium, says: []string{`declared "1 an" (365 days), set for 730 days (2 times as long)`},
		},
		{
			name: "longer than the browser keeps", scan: newScan(with(cookie("a", "mill.test", 3650*days)), declares(declaration("a", "", "400 days", 400*days))), want: audit.Violation,
			subjects: cookies("a", "mill.test"), says: []string{"3650 days"},
		},
		{
			name: "only the jar knew it", scan: newScan(with(cookie("a", "mill.test", 399*days, jarOnly)), declares(declaration("a", "", "1 month", 30*days))), want: audit.Violation,
			subjects: cookies("a", "mill.test"), says: []string{"399 days"},
		},
		{name: "leap year", scan: newScan(with(cookie("a", "mill.test", 366*days)), declares(declaration("a", "", "1 year", 365*days))), want: audit.Pass},
		{name: "13 months by the calendar", scan: newScan(with(cookie("a", "mill.test", 397*days)), declares(declaration("a", "", "13 months", 390*days))), want: audit.Pass},
		{name: "less than a day over", scan: newScan(with(cookie("a", "mill.test", 7200)), declares(declaration("a", "", "1 minute", 60))), want: audit.Pass},
		{name: "the longest row counts", scan: newScan(with(cookie("a", "mill.test", 365*days)), declares(declaration("a", "", "1 day", days), declaration("a", "", "1 Jahr", 365*days))), want: audit.Pass},
		{name: "shorter than declared", scan: newScan(with(cookie("a", "mill.test", days)), declares(declaration("a", "", "2 years", 730*days))), want: audit.Pass},
		{name: "a session cookie", scan: newScan(with(cookie("a", "mill.test", 0)), declares(declaration("a", "", "1 day", days))), want: audit.Pass},
		{name: "declared for the session is the other rule's", scan: newScan(with(cookie("a", "mill.test", 365*days)), declares(declaration("a", "", "session", 0))), want: audit.Pass},
		{name: "no length at all is another rule's", scan: newScan(with(cookie("a", "mill.test", 365*days)), declares(declaration("a", "", "persistent", noLength))), want: audit.Pass},
		{name: "refused by the browser", scan: newScan(with(cookie("a", "mill.test", 365*days, refused)), declares(declaration("a", "", "1 day", days))), want: audit.Pass},
		{name: "not understood", scan: newScan(with(cookie("a", "mill.test", 365*days)), declares(declaration("a", "", "kaksi vuotta", noLength))), want: audit.Inconclusive, says: []string{"kaksi vuotta"}},
		{name: "one of two rows not understood", scan: newScan(with(cookie("a", "mill.test", 365*days)), declares(declaration("a", "", "1 day", days), declaration("a", "", "kaksi vuotta", noLength))), want: audit.Inconclusive},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

func TestDeclaredSessionButPersistent(t *testing.T) {
	t.Parallel()
	session := declares(declaration("a", "", "Session", 0))
	judge(t, rules.DeclaredSessionButPersistent, []verdictCase{
		{
			name: "it stays", scan: newScan(with(cookie("a", "mill.test", 365*days)), session), want: audit.Violation,
			subjects: cookies("a", "mill.test"), severity: audit.Medium, says: []string{`declared for the session ("Session"), set for 365 days`},
		},
		{name: "only the jar knew it", scan: newScan(with(cookie("a", "mill.test", 2*days, jarOnly)), session), want: audit.Violation, subjects: cookies("a", "mill.test")},
		{
			name: "the browser keeps what no write was understood to ask for", want: audit.Violation, subjects: cookies("a", "mill.test"),
			scan: newScan(with(cookie("a", "mill.test", 2*days, func(k *evidence.Cookie) {
				k.Requested = nil
				for i := range k.Writes {
					k.Writes[i].Requested = nil
				}
			})), session), says: []string{"set for 2 days"},
		},
		{name: "it does not", scan: newScan(with(cookie("a", "mill.test", 0)), session), want: audit.Pass},
		{name: "a footnote gives the session a length", scan: newScan(with(cookie("a", "mill.test", 7200)), declares(declaration("a", "", "session*", days))), want: audit.Pass},
		{name: "another row gives a length", scan: newScan(with(cookie("a", "mill.test", 7200)), session, declares(declaration("a", "", "1 day", days))), want: audit.Pass},
		{name: "cut short", scan: newScan(session, outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

func TestRetentionNotDeclared(t *testing.T) {
	t.Parallel()
	stored := declaration("theme", "", "until you clear it", noLength)
	stored.Storage = evidence.KindLocalStorage
	judge(t, rules.RetentionNotDeclared, []verdictCase{
		{
			name: "nothing said", scan: newScan(declares(declaration("a", "kite.test", "", noLength))), want: audit.Violation,
			subjects: subject(audit.SubjectDeclaration, "a", "kite.test"), severity: audit.Medium, certainty: audit.Likely, says: []string{"does not say how long", "kite.test"},
		},
		{
			name: "no length", scan: newScan(declares(declaration("a", "", "Persistent**", noLength))), want: audit.Violation,
			subjects: subject(audit.SubjectDeclaration, "a", ""), certainty: audit.Confirmed, says: []string{"Persistent**", "no length of time"},
		},
		{
			name: "every row of two languages", scan: newScan(declares(declaration("a", "", "dauerhaft", noLength), declaration("a", "", "permanent", noLength))), want: audit.Violation,
			subjects: subject(audit.SubjectDeclaration, "a", ""),
		},
		{name: "a length", scan: newScan(declares(declaration("a", "", "1 year", 365*days), declaration("b", "", "session", 0))), want: audit.Pass},
		{name: "said in another row", scan: newScan(declares(declaration("a", "", "", noLength), declaration("a", "", "1 year", 365*days))), want: audit.Pass},
		{name: "storage has no expiry", scan: newScan(declares(stored)), want: audit.Pass},
		{name: "not understood", scan: newScan(declares(declaration("a", "", "zwei Jahre lang", noLength))), want: audit.Inconclusive},
		{name: "names no cookie", scan: newScan(), want: audit.NotApplicable},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}
