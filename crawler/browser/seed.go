package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"

	"cookieaudit/crawler/evidence"
)

// begin brings the visit's context into its start state.
func (v *Visit) begin(ctx context.Context) error {
	start := &v.o.Start
	if start.Position != nil {
		if _, err := cdp.Call(ctx, v.b.root, browser.SetPermission, allowPosition(v)); err != nil {
			return fmt.Errorf("let the visitor's place be known: %w", err)
		}
	}
	if len(start.Cookies) > 0 {
		params := storage.SetCookiesParams{BrowserContextID: v.ctxID}
		for i := range start.Cookies {
			params.Cookies = append(params.Cookies, start.Cookies[i].param())
		}
		if _, err := cdp.Call(ctx, v.b.root, storage.SetCookies, params); err != nil {
			return fmt.Errorf("put the user's cookies into the jar: %w", err)
		}
	}
	for _, origin := range start.origins() {
		if err := v.seed(ctx, origin); err != nil {
			return fmt.Errorf("put the user's entries into the storage of %s: %w", origin, err)
		}
	}
	return nil
}

func (c *StartCookie) param() *network.CookieParam {
	p := &network.CookieParam{
		Name: c.Name, Value: c.Value, URL: c.URL, Domain: c.Domain, Path: cmp.Or(c.Path, "/"),
		Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: network.CookieSameSite(c.SameSite),
	}
	if !c.Expires.IsZero() {
		p.Expires = cdp.TimeSinceEpoch(c.Expires.Unix())
	}
	return p
}

// seed writes localStorage from an empty page of the origin that is made here:
// nobody is asked for it, and nothing of it is part of the record.
func (v *Visit) seed(ctx context.Context, origin string) error {
	items := map[string]string{}
	for _, it := range v.o.Start.Storage {
		if it.Origin == origin && !it.Session {
			items[it.Key] = it.Value
		}
	}
	data, err := json.Marshal(items)
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.seeding = true
	v.mu.Unlock()
	if err := v.newTab(ctx); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, v.page, fetch.Enable, fetch.EnableParams{}); err != nil {
		return err
	}
	nav, err := cdp.Call(ctx, v.page, page.Navigate, page.NavigateParams{URL: origin + "/"})
	switch {
	case err != nil:
		return err
	case nav.ErrorText != "":
		return fmt.Errorf("%s", nav.ErrorText)
	}
	fill := "(() => { const x = " + string(data) + "; for (const k of Object.keys(x)) localStorage.setItem(k, x[k]) })()"
	if err := v.Top().Eval(ctx, fill, nil); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seeding, v.rec, v.notes = false, newRecorder(&v.o), nil
	return nil
}

// emptyPage answers a request in place of its server.
func emptyPage(id fetch.RequestID) fetch.FulfillRequestParams {
	return fetch.FulfillRequestParams{
		RequestID: id, ResponseCode: 200,
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html"}},
		Body:            []byte("<!doctype html><title></title><link rel=icon href=data:,>"),
	}
}

// holds reports whether a cookie of a jar is the user's own, as it was put in:
// one that the site has written anew is the site's.
func (s *Start) holds(c *network.Cookie) bool {
	return slices.ContainsFunc(s.Cookies, func(mine StartCookie) bool {
		domain := strings.TrimPrefix(mine.Domain, ".")
		if domain == "" {
			domain = hostOf(mine.URL)
		}
		return mine.Name == c.Name && mine.Value == c.Value && domain == strings.TrimPrefix(c.Domain, ".") &&
			cmp.Or(mine.Path, "/") == c.Path && c.PartitionKey == nil
	})
}

// keeps reports the same of an entry of web storage.
func (s *Start) keeps(e *storeEntry) bool {
	return slices.ContainsFunc(s.Storage, func(mine StartItem) bool {
		kind := evidence.KindLocalStorage
		if mine.Session {
			kind = evidence.KindSessionStorage
		}
		return e.known && kind == e.kind && mine.Origin == e.origin && mine.Key == e.key && mine.Value == e.value
	})
}
