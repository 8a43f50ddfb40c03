package crawler

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
)

// details reads what the consent manager and the banner's settings say of cookies,
// where cookies were stored that no policy names: many sites publish their list, or
// the rest of it, there alone. It comes after the visits, which tell whether it is
// worth a page.
func (s *scan) details(ctx context.Context, found policies) policies {
	if len(s.c.Policies) > 0 || !slices.ContainsFunc(s.results, offersSettings) || !s.unnamed(&found) {
		return found
	}
	page, _, ok := s.plan.wait(ctx)
	if !ok {
		return found
	}
	landing := address(page)
	f := &policyFinder{scan: s, out: found}
	var doc *policy.Document
	var as evidence.PolicyCopy
	err := s.render(ctx, landing, s.visitOptions(""), func(ctx context.Context, v *browser.Visit, final string) error {
		ctx, cancel := context.WithTimeoutCause(ctx, max(bannerTimeout, s.pageTime()/2), errBannerTimeout)
		defer cancel()
		var text string
		if doc, text = readManager(ctx, v, final); len(doc.Declarations) == 0 {
			layer, err := consent.Details(ctx, consentPage{v}, consent.Options{})
			if err != nil || layer == "" {
				return err
			}
			doc, text = layerDocument(final, layer)
		}
		as = rendered(landing, final, text)
		return nil
	})
	switch {
	case err != nil:
		f.missed(landing, fmt.Errorf("read the settings of the banner: %w", err))
	case doc != nil && len(doc.Declarations) > 0:
		doc.Fetched = as.Fetched
		f.add(doc, as)
		f.out.search.Found = true
	}
	return f.out
}

// offersSettings reports whether a visit saw a banner that has more to show than its
// first layer.
func offersSettings(r result) bool {
	return r.banner != nil && slices.ContainsFunc(r.banner.Controls, func(c evidence.BannerControl) bool { return c.Role == "settings" })
}

// unnamed reports whether a cookie was stored of which no policy has as much as the
// beginning of the name.
func (s *scan) unnamed(found *policies) bool {
	for _, r := range s.results {
		if r.record == nil {
			continue
		}
		for i := range r.record.Cookies {
			k := &r.record.Cookies[i]
			stem := nameStem(k.Name)
			named := slices.ContainsFunc(found.documents, func(d evidence.PolicyDocument) bool { return strings.Contains(d.Text, stem) })
			named = named || slices.ContainsFunc(found.declarations, func(d evidence.Declaration) bool { return strings.HasPrefix(d.Name, stem) })
			if k.Stored && !named {
				return true
			}
		}
	}
	return false
}

// nameStem is the part of a cookie's name before what changes from site to site or
// from visitor to visitor: "_ga_" of "_ga_X1Y2Z3", "_pk_id" of "_pk_id.7.9f2c".
func nameStem(name string) string {
	at := strings.IndexAny(name, ".0123456789")
	if at > 0 && name[at] != '.' {
		if i := strings.LastIndexByte(name[:at], '_'); i >= 3 {
			at = i + 1 // "X1Y2Z3" is one word
		}
	}
	if at < 3 {
		return name
	}
	return name[:at]
}
