package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
	"cookieaudit/report"
)

// republish expects that a site which publishes the table that declare writes
// has nothing left that its policy does not name, nor for too short.
func republish(t *testing.T, scan *evidence.Scan, judgement *audit.Judgement) {
	t.Helper()
	table := report.NewCookieTable(report.New(scan, judgement), report.TableOptions{Prune: true})
	engine, _, err := demoEngine()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.TableFormats() {
		var b bytes.Buffer
		if err := f.Write(&b, table); err != nil {
			t.Fatal(err)
		}
		doc, err := policy.Read(policy.Input{URL: "https://" + scan.Site.Host + "/cookies" + f.Extension, Body: b.Bytes()})
		if err != nil {
			t.Fatal(err)
		}
		if misread := must(misreadRows(f, table))(t); len(misread) > 0 {
			t.Errorf("%s: not read again: %q", f.Name, misread)
		}
		if len(doc.Declarations) != len(table.Rows) {
			t.Errorf("%s: %d rows were written and %d read", f.Name, len(table.Rows), len(doc.Declarations))
		}
		again := *scan
		again.Policies = []evidence.PolicyDocument{doc.PolicyDocument}
		again.PolicySearch = evidence.PolicySearch{Outcome: evidence.Complete, Found: true}
		again.Declarations, again.Claims = doc.Declarations, nil
		for _, finding := range engine.Judge(&again).Findings {
			switch finding.Rule {
			case "UNDECLARED_COOKIE", "UNDECLARED_STORAGE", "LIFETIME_LONGER_THAN_DECLARED", "DECLARED_SESSION_BUT_PERSISTENT", "RETENTION_NOT_DECLARED":
				if finding.Verdict == audit.Violation && !refused(scan, finding.Subject) {
					t.Errorf("%s: %s %s: %s", f.Name, finding.Rule, finding.Subject.Name, finding.Message)
				}
			}
		}
	}
}

// refused is true for a cookie that the browser never kept: a site need not
// declare what is not stored.
func refused(scan *evidence.Scan, s audit.Subject) bool {
	for i := range scan.Cookies {
		if c := &scan.Cookies[i]; c.Name == s.Name && c.Domain == s.Domain {
			return !c.Stored
		}
	}
	return false
}

// oddNames are names that a browser stores and that a table says badly, beside
// some that it says well.
func oddNames() (odd, plain []string) {
	odd = []string{
		"a|b", "|", "<b>", "</td>", "<script>alert(1)</script>", `"quoted"`, "'apostrophe", "&", "a&b", "@SUM(1)", "-2", "a,b", "a b c", "[link](x)", "`code`",
		"**bold**", "*", "**", "*x*", "a*b", "#", `\`, "safe\u202egnp.exe", "zero\u200bwidth", "日本語クッキー", "e\u0301", "🍪", "{{.}}", "%s", "Name", "name", "Provider", "cookie",
		"session", "1 year", "-", "none", "http://x.test/", "www.x.test", "12345", "0", "true", "null", "a/b", "---", "|---|", "1.", "> x", "\u00adsoft\u00adhyphen",
		strings.Repeat("n", 4000), strings.Repeat("|", 400), strings.Repeat("*", 50), strings.Repeat("長", 1300),
	}
	return odd, []string{"PHPSESSID", "__Host-session", "cc_cookie", "_pk_ses", "lang.v2", "a~b", "consent:state"}
}

// Whatever cookies are called: a name that is not read again is told to the owner,
// and every other cookie is declared by the table that is published.
func TestDeclareTellsWhatIsMisread(t *testing.T) {
	t.Parallel()
	engine, _, err := demoEngine()
	if err != nil {
		t.Fatal(err)
	}
	odd, plain := oddNames()
	scan := sampleScan("odd", "odd.example", evidence.Complete)
	scan.Cookies, scan.Visits = nil, nil
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept} {
		scan.Visits = append(scan.Visits, evidence.Visit{Phase: p, Outcome: evidence.Complete, Consent: evidence.Consent{Result: evidence.NoBanner}})
	}
	for _, name := range slices.Concat(odd, plain) {
		scan.Cookies = append(scan.Cookies, evidence.Cookie{
			CookieKey: evidence.CookieKey{Name: name, Domain: "odd.example", Path: "/", HostOnly: true}, Site: "odd.example", Party: evidence.First, Stored: true,
			Phases: []evidence.Phase{evidence.Before}, Requested: new(int64(86400)), Kept: new(int64(86400)),
			Writes: []evidence.Write{{Phase: evidence.Before, Page: "https://odd.example/", Mechanism: evidence.HTTP, URL: "https://odd.example/", Host: "odd.example", Requested: new(int64(86400)), Value: evidence.Value{Length: 20}}},
		})
	}
	table := report.NewCookieTable(report.New(scan, engine.Judge(scan)), report.TableOptions{})
	for _, f := range report.TableFormats() {
		misread := must(misreadRows(f, table))(t)
		for _, name := range plain {
			if slices.Contains(misread, name) {
				t.Errorf("%s: %q is not read again", f.Name, name)
			}
		}
		if len(misread) == 0 || len(misread) == len(odd) {
			t.Errorf("%s: %d of %d odd names are misread, which proves nothing", f.Name, len(misread), len(odd))
		}
		var b bytes.Buffer
		if err := f.Write(&b, table); err != nil {
			t.Fatal(err)
		}
		doc := must(policy.Read(policy.Input{URL: "https://odd.example/cookies" + f.Extension, Body: b.Bytes()}))(t)
		again := *scan
		again.Policies, again.Declarations = []evidence.PolicyDocument{doc.PolicyDocument}, doc.Declarations
		again.PolicySearch = evidence.PolicySearch{Outcome: evidence.Complete, Found: true}
		undeclared := map[string]bool{}
		for _, finding := range engine.Judge(&again).Findings {
			if finding.Rule == "UNDECLARED_COOKIE" && finding.Verdict == audit.Violation {
				undeclared[finding.Subject.Name] = true
				if !slices.Contains(misread, finding.Subject.Name) {
					t.Errorf("%s: %.60q is undeclared, and nobody was told", f.Name, finding.Subject.Name)
				}
			}
		}
		if len(undeclared) == 0 {
			t.Errorf("%s: nothing is undeclared although %d names are misread", f.Name, len(misread))
		}
	}
}
