package crawler

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/guard"
)

// reachTimeout bounds each of the two looks for the scheme of a site. A server
// that is slower than that is left to the visit, which has more time.
const reachTimeout = 5 * time.Second

var errReachTimeout = errors.New("no answer within 5 s")

// reach returns the site at the scheme under which it answers, and what there is
// to note about it. Whoever names no scheme means the site as a browser would
// find it: HTTPS is tried first, and where no connection comes about, HTTP. A
// certificate that cannot be verified is an answer: nothing is to be had
// unprotected in its place. A scheme that the user named is kept.
func (c *Crawler) reach(ctx context.Context, site evidence.Site) (evidence.Site, string) {
	rest, secure := strings.CutPrefix(site.URL, "https://")
	if !site.SchemeAssumed || !secure {
		return site, ""
	}
	refused := c.knock(ctx, site.URL)
	if refused == nil {
		return site, ""
	}
	plain, err := discover.ParseSite("http://" + rest)
	if err != nil || c.knock(ctx, plain.URL) != nil {
		return site, ""
	}
	return plain, fmt.Sprintf("no scheme was named: %s was tried first (%v), and %s answered", site.URL, refused, plain.URL)
}

// knock returns why no connection to an address comes about, nil where one does
// or where that is not known.
func (c *Crawler) knock(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, reachTimeout, errReachTimeout)
	defer cancel()
	_, err := c.finder.Fetch(ctx, address)
	var certificate *tls.CertificateVerificationError
	_, guarded := guard.Refused(err) // under the other scheme it is the same address
	switch {
	case guarded, errors.As(err, &certificate):
		return nil
	case errors.Is(err, errReachTimeout):
		return errReachTimeout
	}
	for _, known := range []error{discover.ErrRefused, discover.ErrTLS, discover.ErrConnection, discover.ErrTimeout} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}
