package bundle

import (
	"cmp"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// The types of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as far
// as they are used. Members whose names begin with "_" are our own, as the
// format allows.
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harTool    `json:"creator"`
		Browser harTool    `json:"browser"`
		Pages   []harPage  `json:"pages"`
		Entries []harEntry `json:"entries"`
		Comment string     `json:"comment"`
	}
	harTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harPage struct {
		Started string   `json:"startedDateTime"`
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Timings struct{} `json:"pageTimings"`
	}
	harEntry struct {
		Page       string        `json:"pageref,omitempty"`
		Started    string        `json:"startedDateTime"`
		Time       float64       `json:"time"`
		Request    harRequest    `json:"request"`
		Response   harResponse   `json:"response"`
		Cache      struct{}      `json:"cache"`
		Timings    harTimings    `json:"timings"`
		Address    string        `json:"serverIPAddress,omitempty"`
		Connection string        `json:"connection,omitempty"`
		Comment    string        `json:"comment,omitempty"`
		AtMS       int64         `json:"_at_ms"`
		Number     string        `json:"_request"`
		Type       string        `json:"_resourceType"`
		Initiator  string        `json:"_initiator,omitempty"`
		Error      string        `json:"_error,omitempty"`
		From       string        `json:"_from,omitempty"`
		Port       int           `json:"_serverPort,omitempty"`
		TLS        *evidence.TLS `json:"_tls,omitempty"`
	}
	harRequest struct {
		Method      string      `json:"method"`
		URL         string      `json:"url"`
		Version     string      `json:"httpVersion"`
		Cookies     []harCookie `json:"cookies"`
		Headers     []harField  `json:"headers"`
		Query       []harField  `json:"queryString"`
		HeadersSize int         `json:"headersSize"`
		BodySize    int64       `json:"bodySize"`
		Comment     string      `json:"comment,omitempty"`
	}
	harResponse struct {
		Status       int         `json:"status"`
		StatusText   string      `json:"statusText"`
		Version      string      `json:"httpVersion"`
		Cookies      []harCookie `json:"cookies"`
		Headers      []harField  `json:"headers"`
		Content      harContent  `json:"content"`
		Redirect     string      `json:"redirectURL"`
		HeadersSize  int         `json:"headersSize"`
		BodySize     int64       `json:"bodySize"`
		TransferSize int64       `json:"_transferSize"`
		Comment      string      `json:"comment,omitempty"`
	}
	harContent struct {
		Size    int64  `json:"size"`
		MIME    string `json:"mimeType"`
		Comment string `json:"comment"`
	}
	harField struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harCookie struct {
		Name     string `json:"name"`
		Value    string `json:"value"`
		Path     string `json:"path,omitempty"`
		Domain   string `json:"domain,omitempty"`
		Expires  string `json:"expires,omitempty"`
		HTTPOnly bool   `json:"httpOnly"`
		Secure   bool   `json:"secure"`
		SameSite string `json:"sameSite,omitempty"`
		MaxAge   *int64 `json:"_maxAge,omitempty"`
	}
	harTimings struct {
		Blocked float64 `json:"blocked"`
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
		SSL     float64 `json:"ssl"`
	}
)

// newHAR is the archive of one phase.
func newHAR(scan *evidence.Scan, phase evidence.Phase, c *evidence.Capture) harFile {
	h := harFile{harLog{
		Version: "1.2", Creator: harTool(scan.Tool), Browser: harTool(scan.Browser), Pages: []harPage{}, Entries: []harEntry{},
		Comment: "Moments are the machine's clock when the browser told of them; _at_ms is the page's clock, as in the report. " +
			"Bodies are not kept. " + valueRule(scan),
	}}
	for i := range c.Events {
		if e := &c.Events[i]; e.Phase == phase && e.Kind == "navigation" {
			h.Log.Pages = append(h.Log.Pages, harPage{Started: moment(e.Time), ID: pageID(len(h.Log.Pages)), Title: e.URL})
		}
	}
	for i := range c.Exchanges {
		if x := &c.Exchanges[i]; x.Phase == phase {
			h.Log.Entries = append(h.Log.Entries, newEntry(x, len(h.Log.Pages)))
		}
	}
	return h
}

func pageID(n int) string { return "page_" + strconv.Itoa(n+1) }

func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

func newEntry(x *evidence.Exchange, pages int) harEntry {
	e := harEntry{
		Started: moment(x.Started), AtMS: x.AtMS, Number: x.Request, Type: x.Type, Initiator: x.Initiator, Error: x.Error,
		From: x.From, Port: x.Port, TLS: x.TLS, Connection: x.Connection,
		Request: harRequest{
			Method: x.Method, URL: x.URL, Version: cmp.Or(x.Protocol, "unknown"), Cookies: harCookies(x.SentCookies), Headers: harFields(x.Sent),
			Query: queryOf(x.URL), HeadersSize: -1, BodySize: x.SentBytes,
		},
		Response: harResponse{
			Status: x.Status, StatusText: x.StatusText, Version: cmp.Or(x.Protocol, "unknown"), Cookies: harCookies(x.SetCookies), Headers: harFields(x.Received),
			Content:  harContent{Size: -1, MIME: cmp.Or(x.MIME, "x-unknown"), Comment: "not kept"},
			Redirect: x.Redirect, HeadersSize: -1, BodySize: -1, TransferSize: x.Bytes,
		},
	}
	if x.Page >= 0 && x.Page < pages {
		e.Page = pageID(x.Page)
	}
	if ip, err := netip.ParseAddr(x.Address); err == nil {
		e.Address = ip.WithZone("").String()
	}
	if !x.SentRaw {
		e.Request.Comment = "as the page asked: the browser did not tell what was sent"
	}
	if !x.ReceivedRaw && x.Status != 0 {
		e.Response.Comment = "as the browser shows it to pages: it did not tell what came"
	}
	if x.TookMS == nil {
		e.Comment = "the browser did not tell of an end"
	}
	e.Timings, e.Time = timings(x)
	return e
}

// timings tells the parts of an exchange, whose sum is its time (HAR 1.2): what
// the network does not account for is the receiving.
func timings(x *evidence.Exchange) (harTimings, float64) {
	t := harTimings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1}
	if n := x.Timing; n != nil {
		t = harTimings{Blocked: n.Blocked, DNS: n.DNS, Connect: n.Connect, Send: n.Send, Wait: n.Wait, SSL: n.SSL}
	}
	sum := max(0, t.Blocked) + max(0, t.DNS) + max(0, t.Connect) + t.Send + t.Wait // ssl is part of connect
	if x.TookMS != nil {
		t.Receive = max(0, *x.TookMS-sum)
	}
	return t, sum + t.Receive
}

func harFields(fields []evidence.Field) []harField {
	out := make([]harField, 0, len(fields))
	for _, f := range fields {
		out = append(out, harField(f))
	}
	return out
}

func harCookies(cookies []evidence.WireCookie) []harCookie {
	out := make([]harCookie, 0, len(cookies))
	for _, c := range cookies {
		h := harCookie{
			Name: c.Name, Value: shown(c.Value), Path: c.Path, Domain: c.Domain, HTTPOnly: c.HTTPOnly, Secure: c.Secure, SameSite: c.SameSite, MaxAge: c.MaxAge,
		}
		if c.Expires != nil && c.Expires.Year() > 0 && c.Expires.Year() <= 9999 {
			h.Expires = moment(*c.Expires)
		}
		out = append(out, h)
	}
	return out
}

// shown is a value as a text: itself where it is kept, else its hash.
func shown(v evidence.Value) string {
	switch {
	case v.Text != "" || v.Length == 0:
		return v.Text
	default:
		return "sha256:" + v.SHA256
	}
}

// maxQuery bounds the parameters that are listed beside an address.
const maxQuery = 500

func queryOf(address string) []harField {
	out := []harField{}
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	if strings.HasPrefix(address, "data:") {
		return out
	}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" || len(out) == maxQuery {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		out = append(out, harField{plain(name), plain(value)})
	}
	return out
}

func plain(s string) string {
	if p, err := url.QueryUnescape(s); err == nil {
		return strings.ToValidUTF8(p, "\uFFFD")
	}
	return s
}
