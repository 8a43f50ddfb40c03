package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// A PolicyComparison says what the policies of a scan were compared with. That
// nothing changed is known only where Outcome is PolicyCompared.
type PolicyComparison struct {
	Outcome ComparisonOutcome `json:"outcome"`
	Why     string            `json:"why"` // empty where there is nothing to add
	// Scan and Started name the earlier scan; empty and nil where there is none.
	Scan    string     `json:"scan"`
	Started *time.Time `json:"started"`
}

// A ComparisonOutcome says whether a comparison could be made.
type ComparisonOutcome string

// The outcomes.
const (
	NotCompared     ComparisonOutcome = "not_compared" // nobody looked for an earlier scan
	NoEarlierScan   ComparisonOutcome = "no_earlier_scan"
	CouldNotCompare ComparisonOutcome = "could_not_compare"
	PolicyCompared  ComparisonOutcome = "compared"
)

// Moved is a document with the same text, or nearly so, at another address.
const Moved ChangeKind = "moved"

// A PolicyChange is one document that is new, gone, changed or moved since an
// earlier scan.
type PolicyChange struct {
	Change ChangeKind `json:"change"`
	// Proven is false for a document that is new or gone as far as could be seen
	// only: the scan that lacks it did not look everywhere.
	Proven bool   `json:"proven"`
	URL    string `json:"url"`
	OldURL string `json:"old_url"` // empty unless the document moved
	Title  string `json:"title"`
	// Fetched is when the document was read now, nil where it is gone; LastSame is
	// when it was last seen as it was before, nil where it is new.
	Fetched  *time.Time `json:"fetched"`
	LastSame *time.Time `json:"last_same"`
	// TextSHA256 and OldTextSHA256 are as in Policy; empty where there is none.
	TextSHA256    string `json:"text_sha256"`
	OldTextSHA256 string `json:"old_text_sha256"`
	// Declarations and Claims are what it names and promises otherwise.
	Declarations []Change `json:"declarations"`
	Claims       []Change `json:"claims"`
	// Lines are those that were added or removed, MoreLines how many are left
	// out. There are none where a text is not at hand, or where only the order of
	// lines changed.
	Lines     []LineChange `json:"lines"`
	MoreLines int          `json:"more_lines"`
}

// OnlyPolicies is the report of a scan of which only the policies are known, for
// ComparePolicies; nil for none.
func OnlyPolicies(scan *evidence.Scan) *Report {
	if scan == nil {
		return nil
	}
	return New(scan, nil)
}

// ComparePolicies compares the policies with those of an earlier scan of the site
// and notes the result in the report. earlier is nil where there is none. between
// is a later one than earlier that could not read them, nil where there is none.
func (r *Report) ComparePolicies(earlier, between *Report) {
	r.PolicyChanges = []PolicyChange{}
	if earlier == nil {
		r.PolicyCompared = PolicyComparison{Outcome: NoEarlierScan}
		if between != nil {
			r.PolicyCompared = PolicyComparison{
				Outcome: CouldNotCompare, Scan: between.Scan.ID, Started: &between.Scan.Started,
				Why: "no earlier scan could read the policy",
			}
		}
		return
	}
	c := PolicyComparison{Outcome: PolicyCompared, Scan: earlier.Scan.ID, Started: &earlier.Scan.Started}
	switch {
	case !r.readPolicies():
		c.Outcome, c.Why = CouldNotCompare, "this scan could not read the policy"
	case !earlier.readPolicies():
		c.Outcome, c.Why = CouldNotCompare, "the earlier scan could not read the policy"
	case between != nil:
		c.Why = fmt.Sprintf("a later scan, %s of %s, could not read the policy", between.Scan.ID, between.Scan.Started.Format(time.DateOnly))
	}
	r.PolicyCompared = c
	if c.Outcome == PolicyCompared {
		r.PolicyChanges = policyDocumentChanges(earlier, r)
	}
}

// readPolicies is true where there is something to compare: documents, or the
// proof that there are none.
func (r *Report) readPolicies() bool {
	return len(r.Policies) > 0 || r.Coverage.Policy.Outcome == evidence.Complete
}

// policyDocumentChanges pairs documents by their address, then by their text, then by
// what most of their lines have in common.
func policyDocumentChanges(older, newer *Report) []PolicyChange {
	out := []PolicyChange{}
	pairs, added, gone := pairPolicies(older.Policies, newer.Policies)
	for _, p := range pairs {
		if c, changed := documentChange(older, newer, p.was, p.is); changed {
			out = append(out, c)
		}
	}
	for _, p := range added {
		c := newPolicyChange(Appeared, p)
		c.Proven, c.Fetched, c.TextSHA256 = older.Coverage.Policy.Outcome == evidence.Complete, &p.Fetched, p.TextSHA256
		out = append(out, c)
	}
	for _, p := range gone {
		c := newPolicyChange(Gone, p)
		c.Proven, c.LastSame, c.OldTextSHA256 = newer.Coverage.Policy.Outcome == evidence.Complete, &p.Fetched, p.TextSHA256
		out = append(out, c)
	}
	return out
}

func newPolicyChange(kind ChangeKind, p *Policy) PolicyChange {
	return PolicyChange{Change: kind, URL: p.URL, Title: p.Title, Declarations: []Change{}, Claims: []Change{}, Lines: []LineChange{}}
}

// documentChange compares two states of a document.
func documentChange(older, newer *Report, was, is *Policy) (PolicyChange, bool) {
	c := newPolicyChange(Changed, is)
	c.Proven, c.Fetched, c.LastSame = true, &is.Fetched, &was.Fetched
	c.TextSHA256, c.OldTextSHA256 = is.TextSHA256, was.TextSHA256
	c.Declarations = changes(declaredBy(older, was), declaredBy(newer, is), listing[Declaration]{
		subject: func(d *Declaration) Change { return Change{Kind: string(d.Storage), Name: d.Name, Domain: d.Host} },
		key:     func(d *Declaration) string { return d.Provider },
		fields:  declarationFieldChanges,
		proven:  func(*Declaration, *Report) bool { return true },
	}, older, newer)
	c.Claims = changes(claimedBy(older, was), claimedBy(newer, is), listing[evidence.Claim]{
		subject: func(c *evidence.Claim) Change { return Change{Kind: string(c.Kind), Name: c.Quote} },
		fields:  func(_, _ *evidence.Claim) []FieldChange { return nil },
		proven:  func(*evidence.Claim, *Report) bool { return true },
	}, older, newer)
	c.Lines, c.MoreLines = lineChanges(was.Text, is.Text)
	if was.address() != is.address() {
		c.Change, c.OldURL = Moved, was.URL
	}
	same := sameText(was, is) && len(c.Declarations) == 0 && len(c.Claims) == 0
	return c, !same || c.Change == Moved
}

func declaredBy(r *Report, p *Policy) []Declaration {
	return only(r.Declarations, func(d *Declaration) bool { return d.Source.URL == p.URL })
}

func claimedBy(r *Report, p *Policy) []evidence.Claim {
	return only(r.Claims, func(c *evidence.Claim) bool { return c.Source.URL == p.URL })
}

func only[T any](xs []T, chosen func(*T) bool) []T {
	var out []T
	for i := range xs {
		if chosen(&xs[i]) {
			out = append(out, xs[i])
		}
	}
	return out
}

type policyPair struct{ was, is *Policy }

// similarEnough is the share of lines that two documents have in common at least
// where one is the other, moved and changed.
const similarEnough = 0.6

// pairPolicies finds what a document was before. Those without a counterpart are
// new or gone.
func pairPolicies(older, newer []Policy) (pairs []policyPair, added, gone []*Policy) {
	for i := range newer {
		added = append(added, &newer[i])
	}
	for i := range older {
		gone = append(gone, &older[i])
	}
	for _, same := range []func(was, is *Policy) bool{
		func(was, is *Policy) bool { return was.address() == is.address() && was.Format == is.Format },
		func(was, is *Policy) bool { return was.address() == is.address() },
		sameText,
		func(was, is *Policy) bool { return similarity(was.Text, is.Text) >= similarEnough },
	} {
		added = slices.DeleteFunc(added, func(is *Policy) bool {
			i := slices.IndexFunc(gone, func(was *Policy) bool { return same(was, is) })
			if i < 0 {
				return false
			}
			pairs = append(pairs, policyPair{gone[i], is})
			gone = slices.Delete(gone, i, i+1)
			return true
		})
	}
	return pairs, added, gone
}

// address is the URL without what differs between addresses of one document.
func (p *Policy) address() string {
	address, _, _ := strings.Cut(p.URL, "#")
	address = strings.TrimPrefix(strings.TrimPrefix(address, "http://"), "https://")
	return strings.TrimSuffix(strings.TrimPrefix(address, "www."), "/")
}

// sameText is true for documents whose texts are alike. The bytes of a page often
// differ from load to load where its text does not; they are all that the report
// of an earlier version has.
func sameText(was, is *Policy) bool {
	if was.TextSHA256 == "" || is.TextSHA256 == "" {
		return was.SHA256 == is.SHA256
	}
	return was.TextSHA256 == is.TextSHA256
}

// textSHA256 is the hash of a text, whatever its white space; empty where there is
// no text.
func textSHA256(text string) string {
	lines := policyLines(text)
	if len(lines) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// PolicyChangeLines say what became of the policies since the earlier scan, one
// line for each document; none where nobody looked for one or there is none.
func (r *Report) PolicyChangeLines() []string {
	c := r.PolicyCompared
	if c.Scan == "" || c.Started == nil {
		return nil
	}
	since := fmt.Sprintf("scan %s of %s", c.Scan, c.Started.Format(time.DateOnly))
	why := ""
	if c.Why != "" {
		why = " (" + c.Why + ")"
	}
	switch {
	case c.Outcome == CouldNotCompare:
		return []string{"not compared with " + since + why}
	case c.Outcome == PolicyCompared && len(r.PolicyChanges) == 0:
		return []string{"unchanged since " + since + why}
	}
	var lines []string
	for i := range r.PolicyChanges {
		lines = append(lines, r.PolicyChanges[i].text()+" since "+since+why)
	}
	return lines
}

// text says what became of a document, without its address.
func (c *PolicyChange) text() string {
	switch {
	case c.Change == Appeared && c.Proven:
		return "policy new"
	case c.Change == Appeared:
		return "policy not seen before, where the search was cut short,"
	case c.Change == Gone && c.Proven:
		return "policy gone"
	case c.Change == Gone:
		return "policy not seen this time, where the search was cut short,"
	case c.Change == Moved:
		return "policy moved"
	}
	return "policy changed"
}

// details say what is otherwise in a document that changed.
func (c *PolicyChange) details() string {
	var parts []string
	for _, list := range []struct {
		what    string
		changes []Change
	}{{"declaration", c.Declarations}, {"claim", c.Claims}} {
		if n := len(list.changes); n > 0 {
			parts = append(parts, Plural(n, list.what)+": "+countChanges(list.changes))
		}
	}
	if n := len(c.Lines) + c.MoreLines; n > 0 {
		parts = append(parts, Plural(n, "line")+" of its text")
	}
	if c.LastSame != nil {
		parts = append(parts, "last seen as before on "+c.LastSame.Format(time.DateOnly))
	}
	return strings.Join(parts, "; ")
}
