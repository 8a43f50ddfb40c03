package browser

import (
	"context"
	"encoding/base64"
	"net/url"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"cookieaudit/crawler/evidence"
)

// certificateTimeout bounds the questions about the certificates of one page.
const certificateTimeout = 5 * time.Second

// certificates asks for the chains of all origins that were connected to since
// the last time. Each target of the page knows those of its own requests, and
// forgets them when the page is left.
func (v *Visit) certificates(ctx context.Context) {
	v.mu.Lock()
	t := v.rec.trace
	if t == nil {
		v.mu.Unlock()
		return
	}
	var missing []string
	for _, q := range v.rec.order {
		w := t.wires[q]
		if w == nil || q.page != len(v.rec.pages)-1 {
			continue
		}
		for i := range w.hops {
			u, err := url.Parse(w.hops[i].URL)
			if err != nil || w.hops[i].TLS == nil {
				continue
			}
			origin := "https://" + u.Host
			if _, known := t.chains[origin]; !known && !slices.Contains(missing, origin) && len(t.chains)+len(missing) < maxChains {
				missing = append(missing, origin)
			}
		}
	}
	sessions := v.documents()
	v.mu.Unlock()
	ctx, cancel := context.WithTimeoutCause(ctx, certificateTimeout, errEvalTimeout)
	defer cancel()
	for _, origin := range missing {
		chain := v.chain(ctx, sessions, origin)
		v.mu.Lock()
		if len(chain) > 0 {
			t.chains[origin] = evidence.CertificateChain{Origin: origin, Phase: v.rec.phase, DER: chain}
		}
		v.mu.Unlock()
	}
}

// chain is the chain of an origin, from the first target that knows it.
func (v *Visit) chain(ctx context.Context, sessions []*session, origin string) [][]byte {
	for _, s := range sessions {
		got, err := cdp.Call(ctx, s, network.GetCertificate, network.GetCertificateParams{Origin: origin})
		if err != nil {
			v.b.log.Debug("certificate not told", "origin", origin, "error", err)
			continue
		}
		var chain [][]byte
		for _, text := range got.TableNames {
			if der, err := base64.StdEncoding.DecodeString(text); err == nil && len(der) > 0 {
				chain = append(chain, der)
			}
		}
		if len(chain) > 0 {
			return chain
		}
	}
	return nil
}
