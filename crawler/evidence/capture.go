package evidence

import "time"

// A Capture is what a scan heard beside its record: for a case file, not for
// the audit. It is made only where somebody asks for it.
//
// Times are the machine's own clock, in UTC, at the moment at which the browser
// told of something; AtMS is the moment on the page's clock, as in the record.
type Capture struct {
	// Exchanges are the requests of every phase with their answers, one for each
	// hop of a redirect, by phase in reporting order and in the order of their
	// beginning.
	Exchanges []Exchange `json:"exchanges"`
	// Events is everything in the order in which it was heard.
	Events       []Event            `json:"events"`
	Certificates []CertificateChain `json:"certificates"`
	Policies     []PolicyCopy       `json:"policies"`
	// Cut says what was left out, and why; empty where nothing was.
	Cut []string `json:"cut"`
}

// A Field is one line of a head. Values that can name a visitor are replaced by
// their SHA-256 unless values are kept.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// An Exchange is one request and what came back, without the bodies.
type Exchange struct {
	Phase Phase `json:"phase"`
	// Page counts the pages that the phase opened, from 0, those of a login
	// script included; -1 for what came before the first.
	Page int `json:"page"`
	// Request is the same for all hops of a redirect within a phase.
	Request string    `json:"request"`
	Started time.Time `json:"started"`
	AtMS    int64     `json:"at_ms"`
	// TookMS is the time until the last byte, in milliseconds; nil where the
	// browser did not tell of an end.
	TookMS *float64 `json:"took_ms"`
	Method string   `json:"method"`
	URL    string   `json:"url"`
	// Type is what the browser asked for: document, script, image, …
	Type string `json:"type"`
	// Initiator is the script or document that caused the request.
	Initiator string `json:"initiator,omitempty"`
	// Sent is the head as it was sent; where SentRaw is false the browser told
	// only what the page asked for.
	Sent        []Field      `json:"sent"`
	SentRaw     bool         `json:"sent_raw"`
	SentCookies []WireCookie `json:"sent_cookies"`
	SentBytes   int64        `json:"sent_bytes"` // of the body
	// Status is 0 where no answer came; Error then says why.
	Status      int          `json:"status"`
	StatusText  string       `json:"status_text,omitempty"`
	Protocol    string       `json:"protocol,omitempty"`
	Received    []Field      `json:"received"`
	ReceivedRaw bool         `json:"received_raw"`
	SetCookies  []WireCookie `json:"set_cookies"`
	MIME        string       `json:"mime,omitempty"`
	// Redirect is where the answer leads to; empty where it leads nowhere.
	Redirect string `json:"redirect,omitempty"`
	// Bytes is what came over the wire, head included; -1 where not told.
	Bytes int64 `json:"bytes"`
	// From is "cache" or "service worker" where no server was asked.
	From string `json:"from,omitempty"`
	// Address is the IP address that the browser was connected to, or its proxy's.
	Address    string `json:"address,omitempty"`
	Port       int    `json:"port,omitempty"`
	Connection string `json:"connection,omitempty"`
	TLS        *TLS   `json:"tls,omitempty"`
	// Timing is nil where the browser did not tell it.
	Timing *Timing `json:"timing,omitempty"`
	Error  string  `json:"error,omitempty"`
}

// A WireCookie is a cookie as a request carried it or an answer set it.
type WireCookie struct {
	Name     string     `json:"name"`
	Value    Value      `json:"value"`
	Path     string     `json:"path,omitempty"`
	Domain   string     `json:"domain,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	MaxAge   *int64     `json:"max_age,omitempty"` // seconds
	HTTPOnly bool       `json:"http_only,omitempty"`
	Secure   bool       `json:"secure,omitempty"`
	SameSite string     `json:"same_site,omitempty"`
}

// A Timing is how long the parts of an exchange took, in milliseconds; -1 for a
// part that there was not (HAR 1.2, "timings").
type Timing struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"` // TLS included
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	SSL     float64 `json:"ssl"`
}

// TLS is what the browser tells of a connection's encryption.
type TLS struct {
	Protocol string    `json:"protocol"`
	Cipher   string    `json:"cipher"`
	Group    string    `json:"group,omitempty"` // of the key exchange
	Subject  string    `json:"subject"`
	Issuer   string    `json:"issuer"`
	Names    []string  `json:"names"` // subject alternative names
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
}

// A CertificateChain is what a host showed for its name.
type CertificateChain struct {
	Origin string `json:"origin"`
	Phase  Phase  `json:"phase"`
	// DER are the certificates, the host's own first.
	DER [][]byte `json:"der"`
}

// An Event is one line of the raw log.
type Event struct {
	Time  time.Time `json:"time"`
	Phase Phase     `json:"phase,omitempty"`
	AtMS  int64     `json:"at_ms"`
	// Kind is what happened: navigation, request, response, set-cookie, finished,
	// failed, script-write, click, answer, banner, screenshot, jar.
	Kind string `json:"kind"`
	// Request is that of an Exchange.
	Request string `json:"request,omitempty"`
	Method  string `json:"method,omitempty"`
	URL     string `json:"url,omitempty"`
	Status  int    `json:"status,omitempty"`
	// Script and Line are the code that wrote.
	Script string `json:"script,omitempty"`
	Line   int    `json:"line,omitempty"`
	// Text is what there is to say besides: a Set-Cookie line, a reason.
	Text string `json:"text,omitempty"`
}

// A PolicyCopy is a policy document as it came.
type PolicyCopy struct {
	// URL is the address that was asked for, FinalURL the one that answered.
	URL      string    `json:"url"`
	FinalURL string    `json:"final_url"`
	Fetched  time.Time `json:"fetched"`
	Status   int       `json:"status,omitempty"`
	// ContentType is the header as sent.
	ContentType string `json:"content_type,omitempty"`
	// By is "request" for bytes as they were sent, "browser" for the document as
	// the browser rendered it, "file" for a file of the user's own.
	By   string `json:"by"`
	Body []byte `json:"-"`
	// SHA256 is that of the bytes that were read, which are those of the copy
	// unless Masked.
	SHA256 string `json:"sha256"`
	// Masked is true where the document repeated values of the user's own, which
	// are not kept.
	Masked bool `json:"masked,omitempty"`
}
