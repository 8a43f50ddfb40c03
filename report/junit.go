package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"cookieaudit/audit"
)

// WriteJUnit writes the findings as JUnit XML, one suite per scan and one test
// case per finding, for systems that know failing tests: a violation fails, one
// that somebody accepts for now is skipped with who and why, a rule that could
// not tell or had nothing to look at is skipped with the reason, and each thing
// that the scan could not look at is a case of its own that ends in an error. No
// violation is left out for its severity; --fail-on decides on the exit code
// alone.
func WriteJUnit(w io.Writer, r *Report, _ Options) error {
	suite := junit.Testsuite{
		Name: identifier(r.Scan.Site.URL), Hostname: identifier(r.Scan.Site.Host), Package: "cookieaudit",
		Time: fmt.Sprintf("%.3f", r.Scan.Finished.Sub(r.Scan.Started).Seconds()),
	}
	suite.SetTimestamp(r.Scan.Started)
	suite.AddProperty("scan", r.Scan.ID)
	suite.AddProperty("outcome", string(r.Scan.Outcome))
	suite.AddProperty("profile", r.Scan.Profile)
	suite.AddProperty("values", r.Scan.Values)
	if len(r.Only) > 0 {
		suite.AddProperty("only", r.onlyText())
	}
	for _, g := range r.Coverage.Gaps {
		suite.AddTestcase(junit.Testcase{
			Classname: "coverage", Name: g.label() + ": " + prose(g.What),
			Error: &junit.Result{Message: prose(g.Why), Type: "not looked at"},
		})
	}
	if len(r.Findings) == 0 && len(r.Only) == 0 {
		suite.AddTestcase(junit.Testcase{
			Classname: "coverage", Name: "audit", Error: &junit.Result{Message: noneJudged(r), Type: "not judged"},
		})
	}
	for i := range r.Findings {
		suite.AddTestcase(junitCase(&r.Findings[i]))
	}
	var all junit.Testsuites
	all.AddSuite(suite)
	all.Skipped = 0 // stands at the suite; the schema of Jenkins' xUnit plugin does not know it here
	b := bytes.NewBufferString(xml.Header)
	enc := xml.NewEncoder(b)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	b.WriteByte('\n')
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	return nil
}

func junitCase(f *audit.Finding) junit.Testcase {
	c := junit.Testcase{Classname: f.Rule, Name: f.Title}
	if f.Subject != (audit.Subject{}) {
		c.Name += ": " + subjectText(f.Subject)
	}
	switch {
	case f.Verdict == audit.Pass:
	case f.Accepted != nil:
		c.Skipped = &junit.Result{Message: acceptedText(*f) + ": " + prose(f.Message), Data: junitDetails(f)}
	case f.Verdict == audit.Violation:
		c.Failure = &junit.Result{Message: prose(f.Message), Type: string(f.Severity), Data: junitDetails(f)}
	case f.Verdict == audit.NotApplicable:
		c.Skipped = &junit.Result{Message: "not applicable: " + prose(f.Message)}
	default:
		why := "could not tell: "
		if !f.CouldNotTell() {
			why = "not asked for: "
		}
		c.Skipped = &junit.Result{Message: why + prose(f.Message)}
	}
	return c
}

func junitDetails(f *audit.Finding) string {
	lines := []string{"Certainty: " + string(f.Certainty)}
	for _, e := range f.Evidence {
		lines = append(lines, "Evidence: "+strings.Join(exhibitParts(e), "; "))
	}
	if f.Remediation != "" {
		lines = append(lines, "What would mend it: "+prose(f.Remediation))
	}
	if len(f.Citations) > 0 {
		lines = append(lines, "Law: "+longLaws(f.Citations))
	}
	return strings.Join(lines, "\n")
}
