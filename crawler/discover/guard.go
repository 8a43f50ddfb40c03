package discover

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// A guard is the transport of one fetch. It undoes gzip itself and bounds what
// comes out, because a limit on the compressed bytes, which is what colly has,
// lets one megabyte grow to a gigabyte. It also takes the charset out of the
// Content-Type, so that colly leaves the bytes as they were sent.
type guard struct {
	base http.RoundTripper
	max  int64 // decoded bytes
	// visitor's own headers go to the site, in redirects too, and to nobody else.
	visitor *Visitor
	// contentType is the header of the last answer, as sent.
	contentType string
}

// RoundTrip implements http.RoundTripper. One fetch runs one request at a time.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := g.base.RoundTrip(g.visitor.dress(req))
	if err != nil {
		return nil, err
	}
	if isRedirect(res) {
		// The client drains at most a little of a redirect's body.
		return res, nil
	}
	if res.ContentLength > g.max {
		res.Body.Close()
		return nil, fmt.Errorf("%w: %d bytes announced, %d allowed", ErrTooLarge, res.ContentLength, g.max)
	}
	body, err := g.decode(req, res)
	if err != nil {
		res.Body.Close()
		return nil, err
	}
	g.contentType = res.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(g.contentType); err == nil && !strings.Contains(media, "gzip") {
		res.Header.Set("Content-Type", media)
	} else {
		res.Header.Del("Content-Type")
	}
	res.Header.Del("Content-Encoding")
	res.Uncompressed, res.ContentLength = true, -1
	res.Body = &bounded{Reader: body, Closer: res.Body, left: g.max, max: g.max}
	return res, nil
}

// decode undoes a gzip that net/http did not: one that the server named in
// another way, and the compressed files that sitemaps come in.
func (g *guard) decode(req *http.Request, res *http.Response) (io.Reader, error) {
	encoding := strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Encoding")))
	switch {
	case res.Uncompressed || encoding == "" || encoding == "identity" || encoding == "gzip" || encoding == "x-gzip":
	default:
		return nil, fmt.Errorf("%w: content encoding %q", ErrEncoding, clip(encoding, 40))
	}
	body := bufio.NewReader(res.Body)
	wanted := encoding != "" && encoding != "identity" || strings.HasSuffix(strings.ToLower(req.URL.Path), ".gz")
	// Whatever the header says, gzip begins with these bytes (RFC 1952 section 2.3.1).
	magic, _ := body.Peek(2) // a body that is shorter is not compressed
	if res.Uncompressed || !wanted || !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	z, err := gzip.NewReader(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return z, nil
}

func isRedirect(res *http.Response) bool {
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return res.Header.Get("Location") != ""
	}
	return false
}

// bounded fails once more than max bytes were read.
type bounded struct {
	io.Reader
	io.Closer
	left, max int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, b.max)
	}
	if err != nil && (errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader)) {
		err = fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return n, err
}
