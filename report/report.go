// Package report turns a scan and its judgement into the published report
// model and writes that model in every output format.
//
// A Report is made from stored data alone, without clock, network or map order:
// the same scan and judgement give the same bytes every time, in every format.
// What could not be looked at is stated before what was found, and no writer
// shows the two alike.
package report

import (
	"cmp"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// Schema names the version of the machine-readable contract. Fields may be
// added under the same name; none changes its meaning or goes away.
const Schema = "cookieaudit/report/v1"

// A Report is the whole published result of one scan. Its JSON form is the
// contract that JSONSchema describes. Slices are never nil, so that lists are
// never null; pointers are nil where there is no value or none could be seen.
type Report struct {
	Schema   string           `json:"schema"`
	Scan     Scan             `json:"scan"`
	Judged   Judged           `json:"judged"`
	Summary  Summary          `json:"summary"`
	Coverage Coverage         `json:"coverage"`
	Banner   *evidence.Banner `json:"banner"` // nil where it was not looked for
	Phases   []Phase          `json:"phases"`
	Policies []Policy         `json:"policies"`
	// PolicyCompared says with which earlier scan PolicyChanges compares.
	PolicyCompared PolicyComparison `json:"policy_compared"`
	PolicyChanges  []PolicyChange   `json:"policy_changes"`
	Cookies        []Cookie         `json:"cookies"`
	Storage        []StorageItem    `json:"storage"`
	Requests       []Request        `json:"requests"`
	// DNS is what the names of the site's own hosts are aliases of; nil where the
	// scan does not tell.
	DNS          *evidence.DNS    `json:"dns"`
	Declarations []Declaration    `json:"declarations"`
	Claims       []evidence.Claim `json:"claims"`
	Findings     []audit.Finding  `json:"findings"`
	// Only are the rules, or patterns of rules, that Findings is limited to; empty
	// where it has all. Everything else is that of the whole scan.
	Only []string `json:"only"`

	// all are the findings of the whole scan, without what only their own places
	// show; nil where Findings has all.
	all []audit.Finding
}

// Scan says what was scanned, when and with what.
type Scan struct {
	ID       string             `json:"id"`
	Site     evidence.Site      `json:"site"`
	Started  time.Time          `json:"started"`
	Finished time.Time          `json:"finished"`
	Profile  string             `json:"profile"`
	Settle   string             `json:"settle"`
	Outcome  evidence.Outcome   `json:"outcome"`
	Why      string             `json:"why"` // empty where the scan is complete
	Tool     evidence.Tool      `json:"tool"`
	Browser  evidence.Tool      `json:"browser"`
	Datasets []evidence.Dataset `json:"datasets"`
	// Values says what became of the values of cookies and storage: hashed, or
	// kept where the user asked for it.
	Values string `json:"values"`
	// Start is the user's own state in which the visits began; nil for a new
	// visitor of whom nothing was chosen.
	Start *evidence.StartState `json:"start,omitempty"`
}

// A Phase is one visit and what came of it.
type Phase struct {
	Phase   evidence.Phase   `json:"phase"`
	Outcome evidence.Outcome `json:"outcome"`
	Why     string           `json:"why"`
	Consent Consent          `json:"consent"`
	// Earlier is the acceptance that a withdrawal takes back, Reopening the way
	// back to the choice, Returned the second visit; nil in phases without.
	Earlier   *Consent              `json:"earlier"`
	Reopening *evidence.Reopening   `json:"reopening"`
	Returned  *evidence.ReturnVisit `json:"returned"`
	// Chosen are the categories that the user asked to allow.
	Chosen      []string          `json:"chosen"`
	Signals     []evidence.Signal `json:"signals"`
	Pages       []evidence.Page   `json:"pages"`
	Screenshots []Screenshot      `json:"screenshots"`
	Attempts    int               `json:"attempts"`
	TookMS      int64             `json:"took_ms"`
	Notes       []string          `json:"notes"`
}

// Consent is how the banner was answered in a phase. AtMS is the moment of the
// last click, nil where nothing was clicked.
type Consent struct {
	Result evidence.ConsentResult `json:"result"`
	CMP    string                 `json:"cmp"`
	Clicks int                    `json:"clicks"`
	By     string                 `json:"by"`
	AtMS   *int64                 `json:"at_ms"`
	Proof  string                 `json:"proof"`
	Why    string                 `json:"why"`
}

// A Screenshot names a picture that the scan took. The picture itself goes into
// the HTML page; JSON carries its hash and size in bytes.
type Screenshot struct {
	Stage  string `json:"stage"`
	AtMS   int64  `json:"at_ms"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	PNG    []byte `json:"-"`
}

// A Policy is a document that was read.
type Policy struct {
	URL      string    `json:"url"`
	Title    string    `json:"title"`
	Language string    `json:"language"`
	Format   string    `json:"format"`
	Fetched  time.Time `json:"fetched"`
	SHA256   string    `json:"sha256"` // of the bytes that were read
	// TextSHA256 is that of the text without markup and with single spaces; the
	// bytes of a page often differ from load to load. Empty where there is no text.
	TextSHA256   string `json:"text_sha256"`
	DeclaresNone bool   `json:"declares_none"`
	// Text is the text without markup; empty in a report that was read from a file.
	Text string `json:"-"`
}

// A Cookie is one cookie as seen, classified and compared with the policy.
type Cookie struct {
	Name         string           `json:"name"`
	Domain       string           `json:"domain"`
	Path         string           `json:"path"`
	HostOnly     bool             `json:"host_only"`
	PartitionKey string           `json:"partition_key"`
	Site         string           `json:"site"` // registrable domain of Domain
	Party        evidence.Party   `json:"party"`
	Phases       []evidence.Phase `json:"phases"`
	AfterAnswer  []evidence.Phase `json:"after_answer"`
	FirstSeen    *FirstSeen       `json:"first_seen"` // nil where not even the phase is known
	SetBy        SetBy            `json:"set_by"`
	Stored       bool             `json:"stored"`
	// Blocked holds the browser's reasons for refusing writes of this cookie,
	// each once. A cookie can be stored and have refused writes too.
	Blocked          []string          `json:"blocked"`
	Session          bool              `json:"session"`
	RequestedSeconds *int64            `json:"requested_seconds"`
	StoredSeconds    *int64            `json:"stored_seconds"`
	Secure           bool              `json:"secure"`
	HTTPOnly         bool              `json:"http_only"`
	SameSite         string            `json:"same_site"`
	Value            evidence.Value    `json:"value"`
	Category         evidence.Category `json:"category"`
	Provider         string            `json:"provider"`
	Confidence       float64           `json:"confidence"` // of Category, 0 to 1
	Basis            []string          `json:"basis"`
	Exempt           bool              `json:"exempt"`
	ExemptConfidence float64           `json:"exempt_confidence"` // of Exempt, either way
	// Also are the other categories that public sources file it under.
	Also        []evidence.Category `json:"also"`
	NeedsReview bool                `json:"needs_review"`
	Declared    audit.DeclaredState `json:"declared"`
	// Declaration is the name of the best matching declaration, as declared;
	// DeclarationIndex is its place in Report.Declarations. Both are nil where
	// none matches. A name can be declared twice, an index is exact.
	Declaration      *string  `json:"declaration"`
	DeclarationIndex *int     `json:"declaration_index"`
	NearMisses       []string `json:"near_misses"`
	// Renewals counts the writes that made the cookie live on, on later pages of
	// a phase.
	Renewals int              `json:"renewals"`
	Writes   []evidence.Write `json:"writes"`
}

// FirstSeen is the first accepted write, or where none was accepted the first
// write of any kind; AtMS is nil where only a jar held the cookie.
type FirstSeen struct {
	Phase evidence.Phase `json:"phase"`
	Page  string         `json:"page"`
	AtMS  *int64         `json:"at_ms"`
}

// SetBy is the setter of the write that FirstSeen speaks of.
type SetBy struct {
	Mechanism evidence.Mechanism `json:"mechanism"`
	URL       string             `json:"url"`
	Host      string             `json:"host"`
	Script    string             `json:"script"`
	Line      *int               `json:"line"` // from 1; nil where no script wrote
	// Party is that of Host, whatever the cookie's is; empty where it is not known.
	Party evidence.Party `json:"party"`
	// Initiators are what brought the setter into the page, nearest first.
	Initiators []string `json:"initiators"`
	// Bounce is true for another site's response on the way to the page.
	Bounce bool `json:"bounce"`
}

// A StorageItem is one key of web storage, database or cache.
type StorageItem struct {
	Kind             evidence.StorageKind    `json:"kind"`
	Origin           string                  `json:"origin"`
	Key              string                  `json:"key"`
	Site             string                  `json:"site"`
	Party            evidence.Party          `json:"party"`
	Phases           []evidence.Phase        `json:"phases"`
	AfterAnswer      []evidence.Phase        `json:"after_answer"`
	SetBy            StorageSetter           `json:"set_by"`
	Bytes            int64                   `json:"bytes"`
	Entries          *int64                  `json:"entries"` // of a database or cache; nil where not known
	Parts            []string                `json:"parts"`   // object stores of a database
	Script           string                  `json:"script"`  // of a service worker
	Value            evidence.Value          `json:"value"`
	Category         evidence.Category       `json:"category"`
	Provider         string                  `json:"provider"`
	Confidence       float64                 `json:"confidence"`
	Exempt           bool                    `json:"exempt"`
	ExemptConfidence float64                 `json:"exempt_confidence"`
	Also             []evidence.Category     `json:"also"`
	Basis            []string                `json:"basis"`
	Declared         audit.DeclaredState     `json:"declared"`
	Declaration      *string                 `json:"declaration"`
	DeclarationIndex *int                    `json:"declaration_index"`
	Writes           []evidence.StorageWrite `json:"writes"`
}

// A StorageSetter is the script of the first write that was seen; empty where
// the item was found only in the snapshot at the end of a phase.
type StorageSetter struct {
	Frame  string `json:"frame"`
	Script string `json:"script"`
	Line   *int   `json:"line"`
}

// A Request is a third-party or tracker request.
type Request struct {
	URL         string         `json:"url"`
	Host        string         `json:"host"`
	Site        string         `json:"site"`
	Party       evidence.Party `json:"party"`
	Phase       evidence.Phase `json:"phase"`
	Page        string         `json:"page"`
	AtMS        int64          `json:"at_ms"`
	AfterAnswer bool           `json:"after_answer"`
	Login       bool           `json:"login,omitempty"` // it came of the user's login script
	Type        string         `json:"type"`
	Initiator   string         `json:"initiator"`
	SentCookie  bool           `json:"sent_cookie"`
	// Cookies names the cookies that it carried, Carries the stored values of
	// other sites that it took along besides.
	Cookies    []string           `json:"cookies"`
	Carries    []evidence.Carried `json:"carries"`
	Category   evidence.Category  `json:"category"`
	Provider   string             `json:"provider"`
	Confidence float64            `json:"confidence"`
	// ExemptConfidence is how sure it is that it needs consent, or does not.
	ExemptConfidence float64 `json:"exempt_confidence"`
}

// A Declaration is what a policy says of one cookie or storage item, and
// whether the scan saw it. Observed false is proof of absence only where
// Coverage shows every phase as complete.
type Declaration struct {
	evidence.Declaration
	// Hosts are all hosts where the row states several; Host is the first.
	Hosts    []string `json:"hosts,omitempty"`
	Observed bool     `json:"observed"`
}

// AllHosts is the hosts as one text with single spaces.
func (d *Declaration) AllHosts() string { return cmp.Or(strings.Join(d.Hosts, " "), d.Host) }
