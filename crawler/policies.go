package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
)

// policies is what was found of a site's policies.
type policies struct {
	search       evidence.PolicySearch
	documents    []evidence.PolicyDocument
	declarations []evidence.Declaration
	claims       []evidence.Claim
	copies       []evidence.PolicyCopy // of the documents, where the scan captures
}

const (
	// maxPolicies is how many linked documents are read: a cookie and a privacy
	// policy, and one more of each for sites that split theirs.
	maxPolicies = 4
	// maxFollowed is how many of the links inside the documents are followed.
	maxFollowed = 2
	// maxGuesses bounds the requests to pages of the sitemap, and to paths, that
	// no link leads to.
	maxGuesses = 8
	// maxPolicyFile bounds a policy that a user names.
	maxPolicyFile = 64 << 20
)

// findPolicies reads the policies that the user named, or else those that the
// landing page links to, as it was sent and as it was rendered.
func (s *scan) findPolicies(ctx context.Context) policies {
	f := &policyFinder{scan: s, out: policies{
		search:    evidence.PolicySearch{Outcome: evidence.Complete, Looked: []string{}},
		documents: []evidence.PolicyDocument{}, declarations: []evidence.Declaration{}, claims: []evidence.Claim{},
	}}
	if len(s.c.Policies) > 0 {
		for _, source := range s.c.Policies {
			f.read(ctx, source)
		}
	} else {
		f.look(ctx)
	}
	f.out.search.Found = len(f.out.documents) > 0
	if f.out.search.Outcome == evidence.Partial && !f.out.search.Found {
		f.out.search.Outcome = evidence.Unavailable
	}
	return f.out
}

type policyFinder struct {
	*scan
	out policies
	// pages are the HTML documents that were read, for the links in them.
	pages []evidence.PolicyCopy
	// refused: the landing page was shown to the browser and not to a client without
	// one, as some sites do with all of their pages.
	refused bool
}

func (f *policyFinder) look(ctx context.Context) {
	page, links, ok := f.plan.wait(ctx)
	if !ok {
		f.out.search.Outcome, f.out.search.Why = evidence.Unavailable, "the landing page could not be looked at"
		return
	}
	f.progress("", "policy")
	landing := address(page)
	f.out.search.Looked = append(f.out.search.Looked, landing)
	sent, language := f.asSent(ctx, page)
	links = append(links, sent...)
	at := siteAt(f.site, landing)
	cookiePolicy := false
	for _, l := range discover.PolicyLinks(at, links) {
		if len(f.out.documents) == maxPolicies {
			return
		}
		// A legal notice is a policy only where it says something of cookies.
		if doc, as, ok := f.fetch(ctx, l.URL); ok && (l.Kind != discover.LegalNotice || doc.SpeaksOfCookies()) {
			f.add(doc, as)
		}
		cookiePolicy = cookiePolicy || l.Kind == discover.CookiePolicy
	}
	if !cookiePolicy || len(f.out.declarations) == 0 {
		f.follow(ctx, at)
	}
	switch {
	case len(f.out.declarations) > 0:
	case page.Outcome == evidence.Complete && f.manager(ctx, landing):
	case len(f.out.documents) > 0:
	case page.Outcome == evidence.Partial:
		// Links may be missing, and a server that hangs would hang on every guess.
		f.missed(landing, errCutShort)
	default:
		f.guess(ctx, landing, f.mapped(ctx, at))
		if len(f.out.documents) == 0 && f.out.search.Outcome == evidence.Complete {
			f.guess(ctx, landing, discover.WellKnownPolicyPaths(language))
		}
	}
}

// follow reads the cookie policies that the documents read so far lead to: many
// sites link to theirs from the privacy policy only, or keep the list in a file
// of its own. Those of other sites are their own, as a browser maker's are.
func (f *policyFinder) follow(ctx context.Context, at evidence.Site) {
	left := maxFollowed
	for _, page := range f.pages {
		links, err := discover.Links(page.FinalURL, page.Body)
		if err != nil {
			continue
		}
		for _, l := range discover.PolicyLinks(siteAt(at, page.FinalURL), links) {
			if left == 0 || len(f.out.documents) == maxPolicies {
				return
			}
			known := slices.ContainsFunc(f.out.search.Looked, func(u string) bool { return samePage(withoutFragment(u), withoutFragment(l.URL)) })
			if l.Kind == discover.CookiePolicy && l.SameSite && !known {
				left--
				f.read(ctx, l.URL)
			}
		}
	}
}

func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

// asSent reads the links and the language that the landing page has before its
// scripts run. A page that hung in the browser is not asked for again.
func (f *policyFinder) asSent(ctx context.Context, page evidence.Page) (links []discover.Link, language string) {
	if page.Outcome != evidence.Complete {
		return nil, ""
	}
	got, err := f.finder.Fetch(ctx, page.FinalURL)
	if err != nil || got.Status >= 400 {
		f.refused = true
		return nil, "" // the browser saw the page, and its links are known
	}
	text := got.UTF8()
	links, _ = discover.Links(got.FinalURL, text) // only a bad address fails
	return links, discover.Language(string(text))
}

// mapped are the policies that the site's sitemaps list.
func (f *policyFinder) mapped(ctx context.Context, at evidence.Site) []string {
	var out []string
	for _, l := range f.finder.MappedPolicies(ctx, at, f.c.Select.HonourRobots) {
		out = append(out, l.URL)
	}
	return out
}

// guess tries addresses where policies probably lie, until one speaks of
// cookies. One that answers with an error page was merely a wrong guess.
func (f *policyFinder) guess(ctx context.Context, landing string, addresses []string) {
	base, err := url.Parse(landing)
	if err != nil {
		return
	}
	for i, address := range addresses {
		u, err := base.Parse(address)
		if err != nil {
			continue
		}
		if i == maxGuesses || ctx.Err() != nil {
			return
		}
		address := u.String()
		f.out.search.Looked = append(f.out.search.Looked, address)
		got, err := f.finder.Fetch(ctx, address)
		if err != nil {
			f.missed(address, err)
			return // a server that hangs or breaks does so for every guess
		}
		if refusesForNow(got.Status) || got.Status == http.StatusForbidden && f.refused {
			f.missed(address, fmt.Errorf("%w: HTTP %d", errNoPage, got.Status))
			return
		}
		if got.Status != 200 || !samePage(got.FinalURL, address) {
			continue
		}
		now := time.Now().UTC()
		doc, err := readDocument(ctx, policy.Input{URL: got.FinalURL, ContentType: got.ContentType, Body: got.Body})
		if err != nil || !doc.SpeaksOfCookies() {
			continue
		}
		f.add(doc, copyOf(got, now))
		return
	}
}

// samePage reports whether a fetch ended where it was meant to: many sites send
// every unknown path to their landing page.
func samePage(a, b string) bool {
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}

// read reads one policy.
func (f *policyFinder) read(ctx context.Context, source string) {
	if doc, as, ok := f.fetch(ctx, source); ok {
		f.add(doc, as)
	}
}

// fetch looks at one document; one that cannot be read makes the search partial.
func (f *policyFinder) fetch(ctx context.Context, source string) (doc *policy.Document, as evidence.PolicyCopy, ok bool) {
	f.out.search.Looked = append(f.out.search.Looked, source)
	doc, as, err := f.readPolicy(ctx, source, f.finder, f.visitOptions(""))
	switch {
	case err == nil:
		return doc, as, true
	case errors.Is(err, errNotThere) && len(f.c.Policies) == 0:
		// The site's link is dead: it was looked at, and there is nothing.
	default:
		f.missed(source, err)
	}
	return nil, as, false
}

// missed notes a document that could not be looked at.
func (f *policyFinder) missed(source string, err error) {
	f.out.search.Outcome = evidence.Partial
	f.out.search.Why = also(f.out.search.Why, fmt.Sprintf("%s: %v", source, err))
}

// add takes a document over, without what an earlier one has said already, and
// what it was read from.
func (f *policyFinder) add(doc *policy.Document, as evidence.PolicyCopy) {
	if slices.ContainsFunc(f.out.documents, func(d evidence.PolicyDocument) bool { return d.SHA256 == doc.SHA256 }) {
		return // two links to the same text
	}
	f.out.documents = append(f.out.documents, doc.PolicyDocument)
	if doc.Format == "html" {
		f.pages = append(f.pages, as)
	}
	if as.SHA256 = doc.SHA256; f.c.Capture != nil {
		f.out.copies = append(f.out.copies, as)
	}
	for _, d := range doc.Declarations {
		if !slices.ContainsFunc(f.out.declarations, func(e evidence.Declaration) bool { return sameDeclaration(&d, &e) }) {
			f.out.declarations = append(f.out.declarations, d)
		}
	}
	f.out.claims = append(f.out.claims, doc.Claims...)
}

// sameDeclaration reports whether two documents say the same of one name. Where
// they differ both are kept: which one holds is the site's to say.
func sameDeclaration(a, b *evidence.Declaration) bool {
	return a.Source.URL != b.Source.URL && a.Name == b.Name && a.Host == b.Host && a.Storage == b.Storage &&
		a.Category == b.Category && sameLength(a.Seconds, b.Seconds)
}

func sameLength(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

var (
	// errNotThere says that the server knows no such page.
	errNotThere = errors.New("there is no such page")
	// errNoPage says that an address answered with another error: what it would
	// have shown is not known.
	errNoPage = errors.New("no page")
	// errCutShort says that the landing page's links may not all be known.
	errCutShort = errors.New("the landing page was not seen whole")
)

// ReadPolicy reads one policy: from an address, from a file, or with "-" from
// standard input. A page whose text a script writes is read as the browser
// renders it.
func (c *Crawler) ReadPolicy(ctx context.Context, source string) (*policy.Document, error) {
	doc, _, err := c.readPolicy(ctx, source, c.finder, browser.VisitOptions{RealTime: c.c.Settle == Real})
	return doc, err
}

// readPolicy fetches with a finder and, where that is not enough, renders the
// page in a visit. It returns what the document was read from, too.
func (c *Crawler) readPolicy(ctx context.Context, source string, finder *discover.Finder, o browser.VisitOptions) (doc *policy.Document, as evidence.PolicyCopy, err error) {
	if !isAddress(source) {
		return readPolicyFile(ctx, source)
	}
	got, err := finder.Fetch(ctx, source)
	if err != nil {
		return nil, as, err
	}
	switch {
	case got.Status == http.StatusNotFound || got.Status == http.StatusGone:
		return nil, as, fmt.Errorf("%w: HTTP %d", errNotThere, got.Status)
	case got.Status >= 400:
		// Some servers answer none but browsers.
		if doc, as, err = c.renderPolicy(ctx, got.FinalURL, o); err != nil {
			return nil, as, fmt.Errorf("%w: HTTP %d", errNoPage, got.Status)
		}
		as.URL = source
		return doc, as, nil
	}
	now := time.Now().UTC()
	as = copyOf(got, now)
	doc, err = readDocument(ctx, policy.Input{URL: got.FinalURL, ContentType: got.ContentType, Body: got.Body})
	if err == nil {
		doc.Fetched = now
	}
	if err == nil && (len(doc.Declarations) > 0 || doc.Format != "html") {
		return doc, as, nil
	}
	if policy.IsPDF(got.Body) {
		return nil, as, err // a browser would show it, and its text would be lost
	}
	rendered, asRendered, renderErr := c.renderPolicy(ctx, got.FinalURL, o)
	switch {
	// As sent, the page holds the publisher's own words only: a rendered one also
	// has those of every widget. A shell that scripts fill is less than half.
	case renderErr == nil && (doc == nil || len(rendered.Declarations) > 0 || len(rendered.Text) > 2*len(doc.Text)):
		asRendered.URL = source
		return rendered, asRendered, nil
	case doc != nil:
		return doc, as, nil
	}
	return nil, as, err
}

func copyOf(got *discover.Fetched, at time.Time) evidence.PolicyCopy {
	return evidence.PolicyCopy{
		URL: got.URL, FinalURL: got.FinalURL, Fetched: at, Status: got.Status, ContentType: got.ContentType, By: "request", Body: got.Body,
	}
}

func isAddress(source string) bool {
	return strings.HasPrefix(source, "https://") || strings.HasPrefix(source, "http://")
}

// readPolicyFile reads a file of the user's own, or standard input.
func readPolicyFile(ctx context.Context, name string) (doc *policy.Document, as evidence.PolicyCopy, err error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, as, fmt.Errorf("read the policy: %w", err)
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxPolicyFile+1))
	if err != nil {
		return nil, as, fmt.Errorf("read the policy: %w", err)
	}
	if len(body) > maxPolicyFile {
		return nil, as, fmt.Errorf("read the policy: %s is longer than %d MiB", name, maxPolicyFile>>20)
	}
	if doc, err = readDocument(ctx, policy.Input{URL: name, Body: body}); err != nil {
		return nil, as, err
	}
	doc.Fetched = time.Now().UTC()
	return doc, evidence.PolicyCopy{URL: name, FinalURL: name, Fetched: doc.Fetched, By: "file", Body: body}, nil
}
