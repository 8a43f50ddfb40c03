package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// sarifFingerprint names how the identity of a result is computed. Code hosts
// compare results of two runs by it.
const sarifFingerprint = "cookieaudit/v1"

// WriteSARIF writes the findings as a SARIF 2.1.0 log with one run (OASIS,
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/). A violation is a result of
// kind fail, a rule that could not tell or was not asked of kind open, a rule that passed or had
// nothing to look at of kind pass or notApplicable; whatever the scan could not
// look at is a notification of the invocation, which is then not successful.
func WriteSARIF(w io.Writer, r *Report, _ Options) error {
	log := sarif.NewReport()
	run := sarif.NewRunWithInformationURI(cmp.Or(r.Scan.Tool.Name, "cookieaudit"), Schema)
	run.Tool.Driver.InformationURI = nil
	if v := r.Scan.Tool.Version; v != "" {
		run.Tool.Driver.WithVersion(v)
	}
	run.AddInvocation(r.sarifInvocation())
	run.WithProperties(sarif.NewPropertyBag().Add("values", r.Scan.Values))
	run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID("cookieaudit/" + r.Scan.Site.Host + "/" + r.Scan.ID))
	run.WithColumnKind("utf16CodeUnits")
	for i := range r.Findings {
		f := &r.Findings[i]
		addSARIFRule(run, f)
		run.AddResult(r.sarifResult(f).WithRuleIndex(run.GetRuleIndex(f.Rule)))
	}
	log.AddRun(run)
	if err := log.PrettyWrite(w); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return nil
}

func (r *Report) sarifInvocation() *sarif.Invocation {
	judged := len(r.Findings) > 0 || len(r.Only) > 0
	inv := sarif.NewInvocation().
		WithExecutionSuccessful(r.Scan.Outcome == evidence.Complete && judged).
		WithStartTimeUtc(r.Scan.Started.Format(time.RFC3339)).
		WithEndTimeUtc(r.Scan.Finished.Format(time.RFC3339))
	var missed []string
	for _, g := range r.Coverage.Gaps {
		text := g.label() + ": " + prose(g.What)
		if g.Why != "" {
			text += ": " + prose(g.Why)
		}
		missed = append(missed, text)
	}
	if !judged {
		missed = append(missed, noneJudged(r))
	}
	missed = append(missed, r.notices()...)
	for _, text := range missed {
		inv.AddToolExecutionNotification(sarif.NewNotification().WithLevel("warning").WithMessage(sarif.NewTextMessage(text)))
	}
	return inv
}

// addSARIFRule describes a rule from the first of its findings. What a finding
// may change, its severity among it, is stated in each result.
func addSARIFRule(run *sarif.Run, f *audit.Finding) {
	if run.GetRuleIndex(f.Rule) >= 0 {
		return
	}
	rule := run.AddRule(f.Rule).WithName(f.Rule).WithDescription(f.Title)
	rule.WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(f.Severity)))
	if f.Remediation != "" {
		rule.WithHelp(sarif.NewMultiformatMessageString().WithText(prose(f.Remediation)))
	}
	bag := sarif.NewPropertyBag().AddTag("privacy")
	if laws := longLaws(f.Citations); laws != "" {
		bag.Add("law", laws)
	}
	rule.WithProperties(bag)
}

func (r *Report) sarifResult(f *audit.Finding) *sarif.Result {
	kind, level := sarifKind(f.Verdict), "none" // SARIF 2.1.0 section 3.27.10: only a failure has a level
	if f.Verdict == audit.Violation {
		level = sarifLevel(f.Severity)
	}
	location := sarif.NewLocation().WithLogicalLocations([]*sarif.LogicalLocation{
		sarif.NewLogicalLocation().WithKind("resource").WithFullyQualifiedName(subjectText(f.Subject)),
	})
	if page := r.sarifPage(f); page != "" {
		location.WithPhysicalLocation(sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(page)))
	}
	bag := sarif.NewPropertyBag().
		Add("severity", string(f.Severity)).Add("certainty", string(f.Certainty)).Add("verdict", string(f.Verdict))
	if len(f.NotRequested) > 0 {
		bag.Add("not_requested", phaseNames(f.NotRequested))
	}
	if len(f.Evidence) > 0 {
		bag.Add("evidence", exhibitsText(f.Evidence))
	}
	result := sarif.NewRuleResult(f.Rule).WithKind(kind).WithLevel(level).
		WithMessage(sarif.NewTextMessage(prose(cmp.Or(f.Message, f.Title)))).
		AddLocation(location).
		WithPartialFingerprints(map[string]string{sarifFingerprint: fingerprint(r.Scan.Site.Host, f)}).
		WithProperties(bag)
	if f.Accepted != nil { // outside of what was scanned (section 3.35.2)
		result.AddSuppression(sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification(acceptedText(*f)))
	}
	return result
}

// sarifPage is the first page on which a finding was seen, else the landing
// page. What is not the address of a web page is left out: SARIF wants a URI
// reference (RFC 3986), and viewers make links of it.
func (r *Report) sarifPage(f *audit.Finding) string {
	var pages []string
	for _, e := range f.Evidence {
		pages = append(pages, e.Page)
	}
	for _, p := range append(pages, r.Scan.Site.URL) {
		if u, err := url.Parse(p); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			u.RawQuery = escapeQuery(u.RawQuery)
			return u.String()
		}
	}
	return ""
}

// escapeQuery escapes what a query must not hold (RFC 3986 section 3.4) and
// browsers let through.
func escapeQuery(q string) string {
	var b strings.Builder
	for _, c := range []byte(q) {
		if c > ' ' && c < 0x7f && !strings.ContainsRune("\"<>[\\]^`{|}", rune(c)) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// fingerprint is the same for the same finding of two scans of a site.
func fingerprint(host string, f *audit.Finding) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q", host, f.Rule, f.Subject.Kind, f.Subject.Name, f.Subject.Domain))
	return hex.EncodeToString(sum[:])
}

func sarifKind(v audit.Verdict) string {
	switch v {
	case audit.Violation:
		return "fail"
	case audit.Pass:
		return "pass"
	case audit.NotApplicable:
		return "notApplicable"
	default:
		return "open"
	}
}

func sarifLevel(s audit.Severity) string {
	switch {
	case s.AtLeast(audit.High):
		return "error"
	case s == audit.Medium:
		return "warning"
	default:
		return "note"
	}
}
