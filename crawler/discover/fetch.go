package discover

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gocolly/colly/v2"
	"golang.org/x/net/html/charset"
)

const (
	defaultTimeout  = 20 * time.Second
	defaultMaxBytes = 8 << 20
	// maxRedirects is how many redirects Chrome and Firefox follow.
	maxRedirects = 20
	// maxHeaderBytes bounds the header of one answer.
	maxHeaderBytes = 1 << 20

	accept         = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	acceptLanguage = "en-US,en;q=0.9"
)

// Options say how a Finder fetches. The zero value is usable.
type Options struct {
	// UserAgent is the User-Agent header; empty for Go's own.
	UserAgent string
	// AcceptLanguage is the header of that name; default "en-US,en;q=0.9". Give
	// what the browser sends, so that both are shown the same language.
	AcceptLanguage string
	// Insecure accepts every certificate, for staging sites.
	Insecure bool
	// DialContext opens connections in place of net.Dialer, to map hosts to
	// addresses. With it, the environment's proxy settings are not used: a proxy
	// would resolve the names by itself.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)
	// Proxy is what connections go through; nil for the environment's settings.
	Proxy *url.URL
	// Timeout bounds one Fetch, redirects and body included; default 20 s.
	Timeout time.Duration
	// MaxBytes bounds the decoded body of one answer; default 8 MiB.
	MaxBytes int64
}

// A Finder fetches single pages. It may be used from several goroutines.
type Finder struct {
	options   Options
	transport *http.Transport
	visitor   Visitor
}

// New returns a Finder. Close it when done.
func New(o Options) *Finder {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.AcceptLanguage == "" {
		o.AcceptLanguage = acceptLanguage
	}
	t := &http.Transport{
		DialContext:            o.DialContext,
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: o.Insecure}, //nolint:gosec // asked for by --insecure
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: maxHeaderBytes,
		IdleConnTimeout:        30 * time.Second,
	}
	switch {
	case o.Proxy != nil:
		t.Proxy = http.ProxyURL(o.Proxy)
	case o.DialContext == nil:
		t.DialContext, t.Proxy = dialLocalhost, environmentProxy
	}
	return &Finder{options: o, transport: t}
}

// Close closes the connections that are kept for further fetches.
func (f *Finder) Close() { f.transport.CloseIdleConnections() }

// Fetched is the answer to one fetch.
type Fetched struct {
	// URL is the address that was asked for, FinalURL the one that answered.
	URL      string
	FinalURL string
	Status   int
	// ContentType is the header as sent.
	ContentType string
	// Body is the answer as sent, without content encoding.
	Body []byte
	// Refresh is the absolute address that the page sends its visitors to by a
	// meta element or a Refresh header; empty for none. It was not followed.
	Refresh string
}

// UTF8 returns the body in UTF-8, read in the encoding that a browser would
// choose: byte order mark, Content-Type, meta element, content. Bytes that the
// encoding does not know become U+FFFD.
func (f *Fetched) UTF8() []byte {
	r, err := charset.NewReader(bytes.NewReader(f.Body), f.ContentType)
	if err != nil {
		// Only an empty body ends here.
		return f.Body
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return bytes.ToValidUTF8(f.Body, []byte("\uFFFD"))
	}
	return bytes.ToValidUTF8(b, []byte("\uFFFD"))
}

// Fetch gets one address and follows its HTTP redirects, and nothing else.
// Errors wrap one of the package's sentinels, or the context's cause when the
// caller ended it. An error status such as 404 is no error.
func (f *Finder) Fetch(ctx context.Context, address string) (*Fetched, error) {
	return f.fetch(ctx, address, f.options.MaxBytes)
}

func (f *Finder) fetch(ctx context.Context, address string, most int64) (*Fetched, error) {
	u, err := parseAddress(address)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", clip(address, 200), err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.options.Timeout, errFetchTimeout)
	defer cancel()

	guard := &guard{base: f.transport, max: most, visitor: &f.visitor}
	got := &Fetched{URL: u.String()}
	c := f.collector(ctx, guard)
	c.OnResponse(func(r *colly.Response) {
		got.FinalURL, got.Status, got.Body = r.Request.URL.String(), r.StatusCode, r.Body
		got.Refresh = headerRefresh(r.Headers.Get("Refresh"))
	})
	if err := c.Visit(u.String()); err != nil {
		if kind := classify(ctx, err); !errors.Is(err, kind) {
			err = fmt.Errorf("%w: %w", kind, unwrapURL(err))
		} else {
			err = unwrapURL(err)
		}
		return nil, fmt.Errorf("fetch %s: %w", clip(u.String(), 200), err)
	}
	got.ContentType = guard.contentType
	got.resolveRefresh()
	return got, nil
}

// collector returns a collector for one visit. It is not made with
// colly.NewCollector, which takes settings from COLLY_* environment variables:
// two runs of one command must not differ by those.
func (f *Finder) collector(ctx context.Context, guard *guard) *colly.Collector {
	c := &colly.Collector{}
	c.Init() // with an empty cookie jar of its own
	c.Context = ctx
	c.UserAgent = cmp.Or(f.visitor.UserAgent, f.options.UserAgent)
	c.Headers = &http.Header{"Accept": {accept}, "Accept-Language": {f.options.AcceptLanguage}}
	c.MaxBodySize = 0 // guard limits, and says so; colly would cut silently
	c.IgnoreRobotsTxt = true
	c.AllowURLRevisit = true
	c.ParseHTTPErrorResponse = true
	c.WithTransport(guard)
	for _, k := range f.visitor.Cookies {
		// One that does not fit its address is none of this site's.
		_ = c.SetCookies(k.URL, []*http.Cookie{k.Cookie})
	}
	c.SetRequestTimeout(f.options.Timeout)
	c.SetRedirectHandler(func(req *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return ErrRedirectLoop
		}
		if s := req.URL.Scheme; s != "http" && s != "https" {
			return fmt.Errorf("%w: redirect to scheme %q", ErrAddress, clip(s, 20))
		}
		return nil
	})
	return c
}

// unwrapURL drops the wrapper that repeats method and address.
func unwrapURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}
