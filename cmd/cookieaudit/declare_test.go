package main

import (
	"bytes"
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
