package crawler

import (
	"context"
	_ "embed"
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

// managerFacts is what managerScript returns.
type managerFacts struct {
	Config string `json:"config"` // configurations as JSON
	Layer  string `json:"layer"`  // HTML of the settings layer
}

// renderPolicy reads a page as it looks once its scripts have run. Where the
// page names no cookie, what its consent manager declares is the page's word.
func (c *Crawler) renderPolicy(ctx context.Context, address string, o browser.VisitOptions) (*policy.Document, error) {
	var doc *policy.Document
	err := c.render(ctx, address, o, func(ctx context.Context, v *browser.Visit, final string) error {
		var html string
		err := v.Top().Eval(ctx, "document.documentElement.outerHTML", &html)
		if err != nil {
			return fmt.Errorf("read the rendered page: %w", err)
		}
		if doc, err = policy.Read(policy.Input{URL: final, ContentType: "text/html; charset=utf-8", Body: []byte(html)}); err != nil {
			return err
		}
		if len(doc.Declarations) == 0 {
			doc.Declarations = readManager(ctx, v, final).Declarations
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	doc.Fetched = time.Now().UTC()
	return doc, nil
}

// manager reads what the consent manager of the landing page declares; false
// where that is nothing.
func (f *policyFinder) manager(ctx context.Context, landing string) bool {
	var doc *policy.Document
	err := f.render(ctx, landing, f.visitOptions(""), func(ctx context.Context, v *browser.Visit, final string) error {
		doc = readManager(ctx, v, final)
		return nil
	})
	if err != nil || len(doc.Declarations) == 0 {
		return false // the landing page itself was looked at already
	}
	doc.Fetched = time.Now().UTC()
	f.add(doc)
	return true
}

// readManager reads the declarations of the consent manager of an open page:
// those of its configuration, else those that its settings layer shows.
func readManager(ctx context.Context, v *browser.Visit, address string) *policy.Document {
	var facts managerFacts
	if err := v.Top().EvalMain(ctx, managerScript, &facts); err != nil {
		return policy.ReadManager(address, "") // a page without one that answers
	}
	doc := policy.ReadManager(address, "config = "+facts.Config)
	if len(doc.Declarations) > 0 || facts.Layer == "" {
		return doc
	}
	layer, err := policy.Read(policy.Input{URL: address, ContentType: "text/html; charset=utf-8", Body: []byte("<html><h1>Cookies</h1>" + facts.Layer)})
	if err == nil {
		doc.Text, doc.SHA256, doc.Declarations = layer.Text, layer.SHA256, layer.Declarations
	}
	return doc
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
