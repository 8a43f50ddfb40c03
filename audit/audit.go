// Package audit judges a scan: it runs rules over what was seen and what was
// declared. It is pure. It reads no clock, no network and no database, so the
// same scan gives the same findings in the same order every time.
package audit

import (
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// A Verdict is the answer of a rule.
type Verdict string

// The verdicts. Violation means potential non-compliance: the tool observes,
// a person judges.
const (
	Violation     Verdict = "violation"
	Pass          Verdict = "pass"
	Inconclusive  Verdict = "inconclusive"
	NotApplicable Verdict = "not_applicable"
)

// A Severity ranks findings.
type Severity string

// The severities.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Severities lists the severities, gravest first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// AtLeast reports whether s is as grave as t or graver.
func (s Severity) AtLeast(t Severity) bool { return s.rank() <= t.rank() }

// Lower returns the next severity below s; Info stays Info.
func (s Severity) Lower() Severity {
	all := Severities()
	if i := s.rank(); i+1 < len(all) {
		return all[i+1]
	}
	return Info
}

func (s Severity) rank() int {
	for i, t := range Severities() {
		if s == t {
			return i
		}
	}
	return len(Severities())
}

// A Certainty says how sure the tool is of a finding.
type Certainty string

// The certainties.
const (
	Confirmed Certainty = "confirmed"
	Likely    Certainty = "likely"
	Possible  Certainty = "possible"
)

// A SubjectKind is what a finding is about.
type SubjectKind string

// The kinds of subjects.
const (
	SubjectCookie      SubjectKind = "cookie"
	SubjectStorage     SubjectKind = "storage"
	SubjectRequest     SubjectKind = "request"
	SubjectDeclaration SubjectKind = "declaration"
	SubjectClaim       SubjectKind = "claim"
	SubjectProvider    SubjectKind = "provider"
	SubjectBanner      SubjectKind = "banner"
	SubjectSite        SubjectKind = "site"
)

// A Subject is what one finding is about. Name and Domain identify it within
// its kind and stay the same from scan to scan.
type Subject struct {
	Kind   SubjectKind `json:"kind"`
	Name   string      `json:"name"`
	Domain string      `json:"domain"`
}

// An Exhibit is one piece of evidence of a finding.
type Exhibit struct {
	Phase evidence.Phase `json:"phase,omitempty"`
	Page  string         `json:"page,omitempty"`
	AtMS  int64          `json:"at_ms,omitempty"`
	// What says in words what the exhibit shows.
	What string `json:"what"`
	// Raw is the observed line, or the quoted text of a policy.
	Raw string `json:"raw,omitempty"`
	// Source is the setter (address, script and line) or the policy's address.
	Source string `json:"source,omitempty"`
}

// A Finding is one answer of one rule.
type Finding struct {
	Rule        string         `json:"rule"`
	Title       string         `json:"title"`
	Verdict     Verdict        `json:"verdict"`
	Severity    Severity       `json:"severity"`
	Certainty   Certainty      `json:"certainty"`
	Subject     Subject        `json:"subject"`
	Message     string         `json:"message"`
	Remediation string         `json:"remediation"`
	Evidence    []Exhibit      `json:"evidence"`
	Citations   []law.Citation `json:"citations"`
	// NotRequested are the phases that the rule needs and that the scan was not
	// asked to visit; set only where nothing else kept the rule from answering.
	// The verdict is then Inconclusive: what was left out is no pass.
	NotRequested []evidence.Phase `json:"not_requested,omitempty"`
	// Accepted is set where somebody has reviewed the violation and accepts it
	// for now.
	Accepted *Acceptance `json:"accepted,omitempty"`
}

// CouldNotTell reports whether the rule was asked and could not answer, which
// is not the same as a scan that was not asked to visit what the rule needs.
func (f *Finding) CouldNotTell() bool {
	return f.Verdict == Inconclusive && len(f.NotRequested) == 0
}

// A Purpose is what something is for and who is behind it, as far as the data
// tells. What the site declares is never an input to it.
type Purpose struct {
	Category evidence.Category `json:"category"`
	// Class is the finer class where one is known: session, authentication,
	// security, load-balancing, consent, interface, advertising, social, …
	Class string `json:"class,omitempty"`
	// Exempt is true where there is positive evidence of a class that needs no
	// consent (WP29 Opinion 04/2012).
	Exempt bool `json:"exempt"`
	// Confidence is how sure Category is, from 0 to 1. Below 0.7 too is what
	// public sources file under different categories, however well it is known.
	Confidence float64 `json:"confidence"`
	// ExemptConfidence is how sure Exempt is, either way: those who file a
	// tracker under analytics and those who file it under marketing agree that
	// it needs consent. Never below Confidence; 0 in older records.
	ExemptConfidence float64 `json:"exempt_confidence"`
	// Also are the other categories that public sources file it under.
	Also  []evidence.Category `json:"also,omitempty"`
	Basis []string            `json:"basis"`
	// Provider is the organisation; Aliases are the names a policy may use.
	Provider           string   `json:"provider"`
	ProviderConfidence float64  `json:"provider_confidence"`
	Aliases            []string `json:"aliases,omitempty"`
	// NameOnly is true where nothing but a name of public data says so: no
	// domain, no script and no curated row agrees.
	NameOnly    bool `json:"name_only,omitempty"`
	NeedsReview bool `json:"needs_review,omitempty"`
}

// Sure returns how sure it is that p needs consent or, where Exempt, that it
// does not, whichever category it is filed under.
func (p Purpose) Sure() float64 { return max(p.Confidence, p.ExemptConfidence) }

// NonExempt reports whether p is known, with a confidence of at least 0.7, to
// serve a purpose that needs consent.
func (p Purpose) NonExempt() bool {
	return !p.Exempt && p.Sure() >= 0.7 &&
		(p.Category == evidence.Analytics || p.Category == evidence.Marketing || p.Category == evidence.Functional)
}

// A DeclaredState says whether the policy names something.
type DeclaredState string

// The states. NotKnown is for a scan whose policy was not found or not read.
const (
	Declared   DeclaredState = "declared"
	Undeclared DeclaredState = "undeclared"
	NotKnown   DeclaredState = "unknown"
)

// A Match is what the policy says of one observed thing.
type Match struct {
	State DeclaredState `json:"state"`
	// Declarations are indices into Scan.Declarations, best match first.
	Declarations []int `json:"declarations,omitempty"`
	// How is "exact", "pattern" or "provider pattern".
	How string `json:"how,omitempty"`
	// NearMisses are declared names that come close.
	NearMisses []string `json:"near_misses,omitempty"`
}

// An Assessment joins a purpose and a match to one observed thing.
type Assessment struct {
	Purpose Purpose `json:"purpose"`
	Match   Match   `json:"match"`
}

// A Case is what rules look at: a scan and an assessment of each thing in it.
type Case struct {
	Scan *evidence.Scan
	// Cookies, Storage and Requests run parallel to the slices of Scan.
	Cookies  []Assessment
	Storage  []Assessment
	Requests []Assessment
	// Hosts runs parallel to Scan.DNS.Hosts: what stands behind the site's names.
	Hosts []Purpose
	// Observed runs parallel to Scan.Declarations: was it seen at all.
	Observed []bool
	// Declared runs parallel to Scan.Declarations: what the declared name is
	// known for.
	Declared []Purpose
	// Profile is the law that the scan is judged under.
	Profile *Profile
	// Strict takes away what leaves room for rounding where lengths are compared.
	Strict bool
}

// A Result is what a rule's check found. With nothing set the rule passes.
type Result struct {
	// Violations are findings of which the check fills what is particular:
	// Subject, Message, Evidence, and Severity, Certainty, Remediation where
	// they differ from the rule's.
	Violations []Finding
	// Inconclusive says why the check could not tell; used where there are no
	// violations.
	Inconclusive string
	// NotRequested are the phases without which the check is inconclusive, where
	// the only reason is that they were not asked for.
	NotRequested []evidence.Phase
	// NotApplicable says why the rule has nothing to look at.
	NotApplicable string
}

// A Rule is one thing that can be wrong, with its law.
type Rule struct {
	// ID never changes.
	ID    string
	Title string
	// Severity and Certainty hold where a violation does not state its own.
	Severity  Severity
	Certainty Certainty
	// Needs are the phases without which the rule cannot answer.
	Needs []evidence.Phase
	// NeedsPolicy is true where the rule reads what the site declares.
	NeedsPolicy bool
	// Condition says in one sentence when the rule is violated, Control what
	// keeps it from false alarms.
	Condition   string
	Control     string
	Remediation string
	Cites       []law.Citation
	// Check is pure.
	Check func(*Case) Result
}
