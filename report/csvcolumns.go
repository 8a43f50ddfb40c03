package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A Column is one column of a CSV file and what stands in it.
type Column struct {
	Name  string
	About string
}

// CSVColumns lists the columns of a kind in their order; nil for an unknown kind.
func CSVColumns(kind CSVKind) []Column {
	t, ok := csvTables()[kind]
	if !ok {
		return nil
	}
	return slices.Concat([]Column{
		{"scan_id", "the scan that the row comes from"},
		{"site", "address that was scanned"},
		{"scan_outcome", "complete, partial or unavailable"},
		{"note", "only where the scan has no row of this kind: why"},
	}, t.columns, []Column{
		{"values", "hashed, or kept: then the file holds values of cookies and storage, which can name persons"},
		{"only", "rules that findings are limited to; empty for all"},
	})
}

type csvTable struct {
	columns []Column
	rows    func(*Report) [][]string
	none    func(*Report) string // what to say where there are no rows
}

// field is one column together with what fills it.
type field[T any] struct {
	name, about string
	value       func(*Report, *T) string
}

func csvTables() map[CSVKind]csvTable {
	return map[CSVKind]csvTable{
		CSVCookies:      newCSVTable(cookieFields(), func(r *Report) []Cookie { return r.Cookies }, noneSeen),
		CSVStorage:      newCSVTable(storageFields(), func(r *Report) []StorageItem { return r.Storage }, noneSeen),
		CSVFindings:     newCSVTable(findingFields(), func(r *Report) []audit.Finding { return r.Findings }, noneJudged),
		CSVDeclarations: newCSVTable(declarationFields(), func(r *Report) []Declaration { return r.Declarations }, noneDeclared),
		CSVCoverage:     newCSVTable(gapFields(), func(r *Report) []Gap { return r.Coverage.Gaps }, noneMissed),
	}
}

func newCSVTable[T any](fields []field[T], items func(*Report) []T, none func(*Report) string) csvTable {
	t := csvTable{none: none}
	for _, f := range fields {
		t.columns = append(t.columns, Column{f.name, f.about})
	}
	t.rows = func(r *Report) [][]string {
		xs := items(r)
		rows := make([][]string, len(xs))
		for i := range xs {
			for _, f := range fields {
				rows[i] = append(rows[i], f.value(r, &xs[i]))
			}
		}
		return rows
	}
	return t
}

// lines are the rows of a report with the columns that every kind begins with,
// and one that says why where there are none.
func (t csvTable) lines(r *Report) [][]string {
	rows, note := t.rows(r), ""
	if len(rows) == 0 {
		note = t.none(r)
		rows = [][]string{make([]string, len(t.columns))}
	}
	for i, row := range rows {
		rows[i] = slices.Concat([]string{r.Scan.ID, r.Scan.Site.URL, string(r.Scan.Outcome), note}, row, []string{r.Scan.Values, r.onlyText()})
	}
	return rows
}

// noneSeen says what an empty list of observations means.
func noneSeen(r *Report) string {
	switch {
	case !r.Coverage.looked():
		return "could not be looked at: " + cmp.Or(prose(r.Scan.Why), "no reason was recorded")
	case r.Coverage.scannedWhole():
		return "none found"
	default:
		return "none found in the part that could be looked at"
	}
}

// noneDeclared says what an empty list of declarations means.
func noneDeclared(r *Report) string {
	p := r.Coverage.Policy
	switch {
	case p.Found && p.Outcome == evidence.Complete && slices.ContainsFunc(r.Policies, func(d Policy) bool { return d.DeclaresNone }):
		return "the policy says that no cookies are used"
	case p.Found && p.Outcome == evidence.Complete:
		return "a policy was found, it names no cookie"
	case p.Found:
		return "a policy was found, it names no cookie in the part that could be read: " + prose(p.Why)
	case p.Outcome == evidence.Complete:
		return "no policy was found"
	default:
		return "the policy could not be looked for: " + cmp.Or(prose(p.Why), "no reason was recorded")
	}
}

func noneJudged(r *Report) string {
	if len(r.Only) > 0 {
		return "this audit says nothing about " + r.onlyText()
	}
	return "the scan was not audited"
}

func noneMissed(*Report) string { return "nothing that was asked for was missed" }

func cookieFields() []field[Cookie] {
	fs := []field[Cookie]{
		{"name", "cookie name", func(_ *Report, c *Cookie) string { return c.Name }},
		{"domain", "host that the cookie belongs to, without leading dot", func(_ *Report, c *Cookie) string { return c.Domain }},
		{"path", "path attribute", func(_ *Report, c *Cookie) string { return c.Path }},
		{"partition_key", "top-level site of a partitioned cookie", func(_ *Report, c *Cookie) string { return c.PartitionKey }},
		{"host_only", "yes where no Domain attribute widened it to sub-domains", func(_ *Report, c *Cookie) string { return yesNo(c.HostOnly) }},
		{"party", "first or third", func(_ *Report, c *Cookie) string { return string(c.Party) }},
		{"category", "purpose class by what is known of the cookie, not by the policy", func(_ *Report, c *Cookie) string { return string(c.Category) }},
		{"provider", "organisation behind it", func(_ *Report, c *Cookie) string { return c.Provider }},
		{"confidence", "of the category, 0 to 1", func(_ *Report, c *Cookie) string { return strconv.FormatFloat(c.Confidence, 'f', -1, 64) }},
		{"lifetime", "lifetime asked for, in words", func(_ *Report, c *Cookie) string { return c.lifetime(span) }},
		{"session", "yes without Max-Age and Expires", func(_ *Report, c *Cookie) string { return yesNo(c.Session) }},
		{"requested_seconds", "longest lifetime asked for; empty for a session cookie or where not seen", func(_ *Report, c *Cookie) string { return number(c.RequestedSeconds) }},
		{"stored_seconds", "lifetime that the browser granted", func(_ *Report, c *Cookie) string { return number(c.StoredSeconds) }},
	}
	for _, p := range evidence.Phases() {
		fs = append(fs, field[Cookie]{"in_" + string(p), "seen " + phaseText(p) + ": " + sightingNames(), func(r *Report, c *Cookie) string {
			return string(r.sighting(c, p))
		}})
	}
	return append(fs, []field[Cookie]{
		{"declared", "declared, undeclared, or unknown where no policy could be read", func(_ *Report, c *Cookie) string { return string(c.Declared) }},
		{"declaration", "name in the policy that matches best", func(_ *Report, c *Cookie) string { return text(c.Declaration) }},
		{"near_misses", "declared names that come close", func(_ *Report, c *Cookie) string { return strings.Join(c.NearMisses, listSeparator) }},
		{"stored", "yes where the browser kept it", func(_ *Report, c *Cookie) string { return yesNo(c.Stored) }},
		{"blocked", "the browser's reasons for refusing it", func(_ *Report, c *Cookie) string { return strings.Join(c.Blocked, listSeparator) }},
		{"first_seen_phase", "phase of the first write", firstSeen(func(f *FirstSeen) string { return string(f.Phase) })},
		{"first_seen_page", "page of the first write", firstSeen(func(f *FirstSeen) string { return f.Page })},
		{"first_seen_ms", "milliseconds after the phase's first navigation; empty where not seen", firstSeen(func(f *FirstSeen) string { return number(f.AtMS) })},
		{"mechanism", "http, document.cookie, cookieStore or unknown", func(_ *Report, c *Cookie) string { return string(c.SetBy.Mechanism) }},
		{"set_by_host", "host that set it", func(_ *Report, c *Cookie) string { return c.SetBy.Host }},
		{"set_by_url", "response or document that set it", func(_ *Report, c *Cookie) string { return c.SetBy.URL }},
		{"set_by_script", "script that set it", func(_ *Report, c *Cookie) string { return c.SetBy.Script }},
		{"set_by_line", "line in the script, from 1", func(_ *Report, c *Cookie) string { return number(c.SetBy.Line) }},
		{"secure", "Secure attribute", func(_ *Report, c *Cookie) string { return yesNo(c.Secure) }},
		{"http_only", "HttpOnly attribute", func(_ *Report, c *Cookie) string { return yesNo(c.HTTPOnly) }},
		{"same_site", "SameSite attribute, empty where not set", func(_ *Report, c *Cookie) string { return c.SameSite }},
		{"value_length", "bytes", func(_ *Report, c *Cookie) string { return strconv.Itoa(c.Value.Length) }},
		{"value_sha256", "SHA-256 of the value, not salted", func(_ *Report, c *Cookie) string { return c.Value.SHA256 }},
		{"basis", "what the category rests on", func(_ *Report, c *Cookie) string { return strings.Join(c.Basis, listSeparator) }},
		{"set_by_party", "party of the setter's host, whatever the cookie's is", func(_ *Report, c *Cookie) string { return string(c.SetBy.Party) }},
		{"initiators", "what brought the setter into the page, nearest first", func(_ *Report, c *Cookie) string { return strings.Join(c.SetBy.Initiators, listSeparator) }},
		{"bounce", "yes for another site's response on the way to the page", func(_ *Report, c *Cookie) string { return yesNo(c.SetBy.Bounce) }},
		{"renewals", "writes on later pages that made it live on", func(_ *Report, c *Cookie) string { return strconv.Itoa(c.Renewals) }},
		{"value", "the value itself; empty unless values are kept", func(_ *Report, c *Cookie) string { return c.Value.Text }},
	}...)
}

func firstSeen(value func(*FirstSeen) string) func(*Report, *Cookie) string {
	return func(_ *Report, c *Cookie) string {
		if c.FirstSeen == nil {
			return ""
		}
		return value(c.FirstSeen)
	}
}

func sightingNames() string {
	var names []string
	for _, s := range sightings() {
		names = append(names, string(s.Sighting))
	}
	return strings.Join(names, ", ")
}

func storageFields() []field[StorageItem] {
	fs := []field[StorageItem]{
		{"kind", "localStorage, sessionStorage, indexedDB, cacheStorage or serviceWorker", func(_ *Report, s *StorageItem) string { return string(s.Kind) }},
		{"origin", "origin that holds it", func(_ *Report, s *StorageItem) string { return s.Origin }},
		{"key", "key, database or cache name, scope of a service worker", func(_ *Report, s *StorageItem) string { return s.Key }},
		{"party", "first or third", func(_ *Report, s *StorageItem) string { return string(s.Party) }},
		{"category", "purpose class by what is known of it", func(_ *Report, s *StorageItem) string { return string(s.Category) }},
		{"provider", "organisation behind it", func(_ *Report, s *StorageItem) string { return s.Provider }},
	}
	for _, p := range evidence.Phases() {
		fs = append(fs, field[StorageItem]{"in_" + string(p), "seen " + phaseText(p) + ": " + sightingNames(), func(r *Report, s *StorageItem) string {
			return string(r.storageSighting(s, p))
		}})
	}
	return append(fs, []field[StorageItem]{
		{"declared", "declared, undeclared or unknown", func(_ *Report, s *StorageItem) string { return string(s.Declared) }},
		{"declaration", "name in the policy that matches best", func(_ *Report, s *StorageItem) string { return text(s.Declaration) }},
		{"bytes", "size as stored, 0 where not known", func(_ *Report, s *StorageItem) string { return strconv.FormatInt(s.Bytes, 10) }},
		{"set_by_frame", "document or worker that wrote it; empty where no write was seen", func(_ *Report, s *StorageItem) string { return s.SetBy.Frame }},
		{"set_by_script", "script that wrote it", func(_ *Report, s *StorageItem) string { return s.SetBy.Script }},
		{"set_by_line", "line in the script, from 1", func(_ *Report, s *StorageItem) string { return number(s.SetBy.Line) }},
		{"value_sha256", "SHA-256 of the value, not salted", func(_ *Report, s *StorageItem) string { return s.Value.SHA256 }},
		{"entries", "what a database or cache holds; empty where not known", func(_ *Report, s *StorageItem) string { return number(s.Entries) }},
		{"parts", "object stores of a database", func(_ *Report, s *StorageItem) string { return strings.Join(s.Parts, listSeparator) }},
		{"script", "script of a service worker", func(_ *Report, s *StorageItem) string { return s.Script }},
		{"value", "the value itself; empty unless values are kept", func(_ *Report, s *StorageItem) string { return s.Value.Text }},
	}...)
}

func findingFields() []field[audit.Finding] {
	return []field[audit.Finding]{
		{"rule", "rule ID", func(_ *Report, f *audit.Finding) string { return f.Rule }},
		{"title", "rule in words", func(_ *Report, f *audit.Finding) string { return f.Title }},
		{"verdict", "violation (potential), pass, inconclusive or not_applicable", func(_ *Report, f *audit.Finding) string { return string(f.Verdict) }},
		{"not_requested", "phases that an inconclusive rule needs and that were not asked for; empty where that is not the reason", func(_ *Report, f *audit.Finding) string { return phaseNames(f.NotRequested) }},
		{"severity", "critical, high, medium, low or info", func(_ *Report, f *audit.Finding) string { return string(f.Severity) }},
		{"certainty", "confirmed, likely or possible", func(_ *Report, f *audit.Finding) string { return string(f.Certainty) }},
		{"accepted", "until when, by whom and why it is accepted; empty where it is not", func(_ *Report, f *audit.Finding) string { return acceptedText(*f) }},
		{"subject_kind", "what the finding is about", func(_ *Report, f *audit.Finding) string { return string(f.Subject.Kind) }},
		{"subject_name", "its name", func(_ *Report, f *audit.Finding) string { return f.Subject.Name }},
		{"subject_domain", "its host", func(_ *Report, f *audit.Finding) string { return f.Subject.Domain }},
		{"message", "what was found, or why the rule could not tell", func(_ *Report, f *audit.Finding) string { return prose(f.Message) }},
		{"remediation", "what would mend it", func(_ *Report, f *audit.Finding) string { return prose(f.Remediation) }},
		{"evidence", "phase, page, time, what, observed line or quote, source", func(_ *Report, f *audit.Finding) string { return exhibitsText(f.Evidence) }},
		{"law", "provisions that the rule rests on", func(_ *Report, f *audit.Finding) string { return longLaws(f.Citations) }},
		{"law_urls", "where they can be read", func(_ *Report, f *audit.Finding) string {
			var urls []string
			for _, c := range f.Citations {
				urls = append(urls, c.Instrument.URL)
			}
			return strings.Join(urls, listSeparator)
		}},
	}
}

func exhibitsText(es []audit.Exhibit) string {
	var all []string
	for _, e := range es {
		all = append(all, strings.Join(exhibitParts(e), "; "))
	}
	return strings.Join(all, listSeparator)
}

// exhibitParts lists what an exhibit holds, ready to print.
func exhibitParts(e audit.Exhibit) []string {
	parts := []string{prose(e.What)}
	if e.Phase != "" {
		parts = append(parts, phaseText(e.Phase))
	}
	if e.AtMS > 0 {
		parts = append(parts, "at "+moment(e.AtMS))
	}
	for _, s := range []string{e.Page, e.Raw, e.Source} {
		if s != "" {
			parts = append(parts, prose(s))
		}
	}
	return parts
}

func declarationFields() []field[Declaration] {
	return []field[Declaration]{
		{"name", "declared name, placeholders as *", func(_ *Report, d *Declaration) string { return d.Name }},
		{"pattern", "yes where the name has a placeholder", func(_ *Report, d *Declaration) string { return yesNo(d.Pattern) }},
		{"host", "declared host", func(_ *Report, d *Declaration) string { return d.AllHosts() }},
		{"provider", "declared organisation or service", func(_ *Report, d *Declaration) string { return d.Provider }},
		{"category", "declared purpose class", func(_ *Report, d *Declaration) string { return string(d.Category) }},
		{"lifetime", "declared lifetime as written", func(_ *Report, d *Declaration) string { return prose(d.Lifetime) }},
		{"lifetime_seconds", "0 = session; empty where not stated or without a length", func(_ *Report, d *Declaration) string { return number(d.Seconds) }},
		{"storage", "cookie, localStorage, sessionStorage, indexedDB, pixel or other", func(_ *Report, d *Declaration) string { return string(d.Storage) }},
		{"description", "declared purpose", func(_ *Report, d *Declaration) string { return prose(d.Description) }},
		{"observed", "yes, no, unknown (the scan has gaps) or not looked for", func(r *Report, d *Declaration) string { return r.observedText(d) }},
		{"source_url", "policy", func(_ *Report, d *Declaration) string { return d.Source.URL }},
		{"source_quote", "the text that declares it", func(_ *Report, d *Declaration) string { return prose(d.Source.Quote) }},
	}
}

func gapFields() []field[Gap] {
	return []field[Gap]{
		{"area", "scan, phase, page, answer, banner or policy", func(_ *Report, g *Gap) string { return g.Area }},
		{"phase", "phase, empty where it concerns the whole scan", func(_ *Report, g *Gap) string { return string(g.Phase) }},
		{"what", "what could not be looked at or proven", func(_ *Report, g *Gap) string { return prose(g.What) }},
		{"why", "the reason", func(_ *Report, g *Gap) string { return prose(g.Why) }},
	}
}
