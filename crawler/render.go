package crawler

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
)

// managerScript collects what a page's consent manager declares. It runs in the
// page's own world, where the manager is: what it returns is the page's word, as
// a policy is.
//
//go:embed manager.js
var managerScript string

var errPolicyLong = errors.New("the rendered page is too long to be read whole")

// managerFacts is what managerScript returns.
type managerFacts struct {
	Config string `json:"config"` // configurations as JSON
	Layer  string `json:"layer"`  // HTML of the settings layer
}

// renderPolicy reads a page as it looks once its scripts have run. Where the
// page names no cookie, what its consent manager declares is the page's word.
func (c *Crawler) renderPolicy(ctx context.Context, address string, o browser.VisitOptions) (doc *policy.Document, as evidence.PolicyCopy, err error) {
	err = c.render(ctx, address, o, func(ctx context.Context, v *browser.Visit, final string) error {
		html, whole, err := v.Markup(ctx)
		switch {
		case err != nil:
			return err
		case !whole: // what was cut off may declare what would then seem undeclared
			return errPolicyLong
		}
		if doc, err = policy.Read(policy.Input{URL: final, ContentType: "text/html; charset=utf-8", Body: []byte(html)}); err != nil {
			return err
		}
		if len(doc.Declarations) == 0 {
			manager, _ := readManager(ctx, v, final)
			doc.Declarations = manager.Declarations
		}
		as = rendered(address, final, html)
		return nil
	})
	if err != nil {
		return nil, as, err
	}
	doc.Fetched = as.Fetched
	return doc, as, nil
}

// rendered is a document as the browser had it.
func rendered(address, final, text string) evidence.PolicyCopy {
	return evidence.PolicyCopy{URL: address, FinalURL: final, Fetched: time.Now().UTC(), By: "browser", Body: []byte(text)}
}

// manager reads what the consent manager of the landing page declares; false
// where that is nothing.
func (f *policyFinder) manager(ctx context.Context, landing string) bool {
	var doc *policy.Document
	var as evidence.PolicyCopy
	err := f.render(ctx, landing, f.visitOptions(""), func(ctx context.Context, v *browser.Visit, final string) error {
		var text string
		doc, text = readManager(ctx, v, final)
		as = rendered(landing, final, text)
		return nil
	})
	if err != nil || len(doc.Declarations) == 0 {
		return false // the landing page itself was looked at already
	}
	doc.Fetched = as.Fetched
	f.add(doc, as)
	return true
}

// readManager reads the declarations of the consent manager of an open page:
// those of its configuration, else those that its settings layer shows. It
// returns the text that they were read from, too.
func readManager(ctx context.Context, v *browser.Visit, address string) (doc *policy.Document, text string) {
	var facts managerFacts
	if err := v.Top().EvalMain(ctx, managerScript, &facts); err != nil {
		return policy.ReadManager(address, ""), "" // a page without one that answers
	}
	text = "config = " + facts.Config
	doc = policy.ReadManager(address, text)
	if len(doc.Declarations) > 0 || facts.Layer == "" {
		return doc, text
	}
	return layerDocument(address, facts.Layer)
}

// layerDocument reads a layer of a banner as a document of its own: its text, and
// what it declares.
func layerDocument(address, layer string) (doc *policy.Document, text string) {
	doc = policy.ReadManager(address, "")
	html := "<html><h1>Cookies</h1>" + layer
	read, err := policy.Read(policy.Input{URL: address, ContentType: "text/html; charset=utf-8", Body: []byte(html)})
	if err != nil {
		return doc, ""
	}
	doc.Title, doc.Text, doc.SHA256, doc.Declarations = "Settings of the consent banner", read.Text, read.SHA256, read.Declarations
	return doc, html
}

// render opens a page in a visit of its own and hands it over once it has
// settled.
func (c *Crawler) render(ctx context.Context, address string, o browser.VisitOptions, use func(ctx context.Context, v *browser.Visit, final string) error) error {
	b, err := c.browser(ctx)
	if err != nil {
		return err
	}
	v, err := b.NewVisit(ctx, o)
	if err != nil {
		return err
	}
	defer c.closeVisit(ctx, v)
	if err := v.NewTab(ctx); err != nil {
		return err
	}
	ctx, cancel := c.living(ctx)
	defer cancel()
	p, err := v.Open(ctx, address, "", share(c.pageTime(), loadShare))
	if err != nil {
		return err
	}
	if p.Outcome == evidence.Unavailable {
		return fmt.Errorf("%w: %s", errNoPage, p.Why)
	}
	if err := v.Settle(ctx); err != nil {
		return err
	}
	return use(ctx, v, p.FinalURL)
}
