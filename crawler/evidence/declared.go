package evidence

import "time"

// A PolicySearch says how the site's policy was looked for.
type PolicySearch struct {
	// Outcome is Complete where every place was looked at, whether or not a
	// policy was found.
	Outcome Outcome `json:"outcome"`
	Why     string  `json:"why,omitempty"`
	// Looked lists the addresses that were opened.
	Looked []string `json:"looked"`
	Found  bool     `json:"found"`
}

// A PolicyDocument is a page or file that tells about cookies.
type PolicyDocument struct {
	URL      string    `json:"url"` // or a file name
	Title    string    `json:"title"`
	Language string    `json:"language"` // BCP 47, empty where unknown
	Format   string    `json:"format"`   // html, markdown, text, csv, json, yaml, pdf, cmp
	Fetched  time.Time `json:"fetched"`
	SHA256   string    `json:"sha256"` // of the bytes that were read
	// DeclaresNone is true where the document says that no cookies are used.
	DeclaresNone bool `json:"declares_none"`
	// Text is the document's text without markup.
	Text string `json:"text"`
}

// A Category is a purpose class. The same words are used in data, rules and
// reports.
type Category string

// The purpose classes.
const (
	Necessary       Category = "necessary"
	Functional      Category = "functional"
	Analytics       Category = "analytics"
	Marketing       Category = "marketing"
	UnknownCategory Category = "unknown"
)

// A Declaration is one cookie or storage item that a policy names.
type Declaration struct {
	// Name is the declared name; every placeholder in it is a "*".
	Name string `json:"name"`
	// Pattern is true where Name holds a placeholder.
	Pattern bool `json:"pattern"`
	// Host is the declared host as written, lower case; empty where not stated.
	// A list of hosts is separated by single spaces.
	Host string `json:"host"`
	// Provider is the declared organisation or service; empty where not stated.
	Provider string   `json:"provider"`
	Category Category `json:"category"`
	// Lifetime is the declared lifetime as written; empty where not stated.
	Lifetime string `json:"lifetime"`
	// Seconds is Lifetime as a length: 0 for a session, nil where not stated or
	// without a length. Months count 30 days, years 365.
	Seconds     *int64      `json:"lifetime_seconds"`
	Storage     StorageKind `json:"storage"`
	Description string      `json:"description"`
	Source      Source      `json:"source"`
	// Unsure says what the reader could not decide; empty where nothing.
	Unsure string `json:"unsure,omitempty"`
	// Basis says which text gave each field. It is for whoever checks a reading
	// and is not stored: Source has the whole quote.
	Basis []FieldBasis `json:"-"`
}

// A FieldBasis is the text that one field of a declaration was read from.
type FieldBasis struct {
	Field string `json:"field"` // the field's key in JSON
	From  string `json:"from"`  // where the text stands, such as `column "Laufzeit"`
	Text  string `json:"text"`
}

// A Source is where in a document something is written.
type Source struct {
	URL   string `json:"url"`
	Quote string `json:"quote"`
	// Section is the nearest heading above the quote.
	Section string `json:"section,omitempty"`
	// Position counts the document's blocks (rows, paragraphs, items) from 1.
	Position int `json:"position,omitempty"`
}

// A ClaimKind is a kind of promise about cookies that a crawl can test.
type ClaimKind string

// The kinds of claims.
const (
	ClaimNoCookies      ClaimKind = "no_cookies"
	ClaimNecessaryOnly  ClaimKind = "necessary_only"
	ClaimSessionOnly    ClaimKind = "session_only"
	ClaimAfterConsent   ClaimKind = "after_consent"
	ClaimNoThirdParties ClaimKind = "no_third_parties"
	ClaimNoAdvertising  ClaimKind = "no_advertising"
	ClaimNoCrossSession ClaimKind = "no_cross_session_tracking"
	ClaimWithdrawal     ClaimKind = "withdrawal"
	ClaimLastUpdated    ClaimKind = "last_updated"
)

// A Claim is a promise that a policy makes about cookies.
type Claim struct {
	Kind ClaimKind `json:"kind"`
	// Quote is the sentence, as published.
	Quote  string `json:"quote"`
	Source Source `json:"source"`
	// Scope is "page", "section" or "row".
	Scope string `json:"scope"`
	// Subjects are the declared names that a claim of scope "row" speaks of.
	Subjects []string `json:"subjects,omitempty"`
	// Except keeps what the sentence itself takes out, as written
	// ("except strictly necessary cookies"); empty where it takes out nothing.
	Except string `json:"except,omitempty"`
	// Limited says that the sentence denies cookies for a purpose only ("does
	// not use cookies to identify you").
	Limited bool `json:"limited,omitempty"`
}
