package evidence

import "time"

// A Site is what a scan is asked to look at.
type Site struct {
	// URL is the canonical address of the landing page: scheme, lower-case
	// host, path and query; no fragment, no user information.
	URL string `json:"url"`
	// Host is the host of URL, lower case, without port.
	Host string `json:"host"`
	// Domain is the registrable domain (eTLD+1) of Host, or Host itself for an
	// IP address, a single-label host or a public suffix.
	Domain string `json:"domain"`
	// SchemeAssumed is true where the user named no scheme and https was taken:
	// a crawler may then look whether the site answers under http only.
	SchemeAssumed bool `json:"-"`
}

// A Phase is one visit in a fresh browser context, told apart by what the
// visitor does about consent.
type Phase string

// The phases of a scan, in the order in which they are reported.
const (
	Before   Phase = "before"   // no answer to the banner
	Reject   Phase = "reject"   // everything optional refused
	Accept   Phase = "accept"   // everything accepted
	Withdraw Phase = "withdraw" // accepted, then withdrawn
	Return   Phase = "return"   // a second visit after a refusal
	GPC      Phase = "gpc"      // no answer, Global Privacy Control sent
	Choose   Phase = "choose"   // the categories that the user named, and no others
	// Close closes the banner by a control that is neither a yes nor a no. Where the
	// first phase saw none there is no such visit. What AfterAnswer says counts from
	// the closing, which is no answer.
	Close Phase = "close"
)

// Phases lists every phase in the order in which they are reported.
func Phases() []Phase {
	return []Phase{Before, Reject, Accept, Withdraw, Return, GPC, Choose, Close}
}

// DefaultPhases are the phases of a scan whose user names none.
func DefaultPhases() []Phase { return []Phase{Before, Reject, Accept, Close} }

// An Outcome says how much of a scan, a phase or a page could be looked at.
type Outcome string

// The outcomes, from best to worst. Absence of a cookie means something only
// in what is Complete.
const (
	Complete    Outcome = "complete"
	Partial     Outcome = "partial"     // cut short; what was seen is kept
	Unavailable Outcome = "unavailable" // nothing could be looked at
)

// Worse returns the worse of two outcomes.
func (o Outcome) Worse(p Outcome) Outcome {
	rank := map[Outcome]int{Complete: 0, Partial: 1, Unavailable: 2}
	if rank[p] > rank[o] {
		return p
	}
	return o
}

// A Party tells whether something belongs to the site that was visited.
type Party string

// The parties. Two hosts are the same party when their registrable domains are
// equal (same site, RFC 6265bis section 5.2, scheme left out).
const (
	First Party = "first"
	Third Party = "third"
)

// A Scan is the whole record of one look at one site.
type Scan struct {
	ID       string    `json:"id"`
	Site     Site      `json:"site"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Profile names the legal profile that the scan was audited under.
	Profile string `json:"profile"`
	// Settle is how the pages were given time: "virtual" or "real".
	Settle  string  `json:"settle"`
	Outcome Outcome `json:"outcome"`
	// Why says what kept the scan from being complete; empty when it is.
	Why      string    `json:"why,omitempty"`
	Tool     Tool      `json:"tool"`
	Browser  Tool      `json:"browser"`
	Datasets []Dataset `json:"datasets"`
	// Start is the state in which the visits began; nil for a new visitor of whom
	// nothing was chosen.
	Start *StartState `json:"start,omitempty"`
	// ValuesKept is true where the record holds the values of cookies and storage
	// themselves, which can name persons.
	ValuesKept bool `json:"values_kept,omitempty"`
	// Notes are observations that bear on all of the scan.
	Notes []string `json:"notes,omitempty"`

	// Banner is nil where no banner could be looked for.
	Banner   *Banner       `json:"banner"`
	Visits   []Visit       `json:"visits"`
	Cookies  []Cookie      `json:"cookies"`
	Storage  []StorageItem `json:"storage"`
	Requests []Request     `json:"requests"`
	// DNS is nil where the scan does not tell of names.
	DNS          *DNS             `json:"dns"`
	PolicySearch PolicySearch     `json:"policy_search"`
	Policies     []PolicyDocument `json:"policies"`
	Declarations []Declaration    `json:"declarations"`
	Claims       []Claim          `json:"claims"`
	// Corpus is nil where nobody looked what other sites declare.
	Corpus *Corpus `json:"corpus,omitempty"`
}

// Visit returns the visit of a phase, or nil where the phase was not asked for.
func (s *Scan) Visit(p Phase) *Visit {
	for i := range s.Visits {
		if s.Visits[i].Phase == p {
			return &s.Visits[i]
		}
	}
	return nil
}

// A Tool names a program that took part in a scan.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Dataset names the data that a judgement rests on.
type Dataset struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
	Licence string `json:"licence"`
}

// A Visit is one phase of a scan: its pages and what came of each.
type Visit struct {
	Phase   Phase   `json:"phase"`
	Outcome Outcome `json:"outcome"`
	Why     string  `json:"why,omitempty"`
	// Started is the wall-clock time of the first navigation; every AtMS of
	// the phase counts from it.
	Started time.Time `json:"started"`
	// TookMS is the real time that the phase took, in milliseconds.
	TookMS int64 `json:"took_ms"`
	// Attempts is how often the phase was begun: 2 after the browser died once.
	Attempts int `json:"attempts"`
	// BrowserDied is true where the browser died in the last attempt too: what is
	// missing may be there on another day.
	BrowserDied bool `json:"browser_died,omitempty"`
	// Consent is how the banner was answered; in Withdraw it is the withdrawal,
	// and what AfterAnswer says counts from there.
	Consent Consent `json:"consent"`
	// Earlier is the acceptance that Withdraw takes back; nil in other phases.
	Earlier *Consent `json:"earlier,omitempty"`
	// Reopening is how Withdraw got back to the choice; nil where it was not tried.
	Reopening *Reopening `json:"reopening,omitempty"`
	// Returned is the second visit of Return; nil where there was none.
	Returned *ReturnVisit `json:"returned,omitempty"`
	// Chosen are the categories that Choose was to allow.
	Chosen []string `json:"chosen,omitempty"`
	// Signals are what the site stated about consent, in order of time.
	Signals     []Signal     `json:"signals,omitempty"`
	Pages       []Page       `json:"pages"`
	Screenshots []Screenshot `json:"screenshots,omitempty"`
	// Notes are observations that are no failure: a dialog that was closed, a
	// download that was refused, a tool that was missing.
	Notes []string `json:"notes,omitempty"`
}

// A Page is one top-level document that a phase visited.
type Page struct {
	URL string `json:"url"`
	// FinalURL is the address after redirects; empty when nothing was loaded.
	FinalURL string  `json:"final_url,omitempty"`
	Status   int     `json:"status,omitempty"`
	Title    string  `json:"title,omitempty"`
	AtMS     int64   `json:"at_ms"`
	Outcome  Outcome `json:"outcome"`
	Why      string  `json:"why,omitempty"`
	// Banner is whether a consent banner came up on this page; nil where that was
	// not looked at.
	Banner *bool `json:"banner"`
}

// A Screenshot is a picture of a page at a stage of a phase.
type Screenshot struct {
	Phase Phase  `json:"phase"`
	Stage string `json:"stage"` // first_layer, settings, answered, reopened, returned, closed
	AtMS  int64  `json:"at_ms"`
	PNG   []byte `json:"png,omitempty"`
}
