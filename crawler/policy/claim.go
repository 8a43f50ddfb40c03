package policy

import (
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// The scopes of evidence.Claim.
const (
	scopePage    = "page"
	scopeSection = "section"
	scopeRow     = "row"
)

// A claimReader reads the promises of rows, or of running text.
type claimReader struct {
	url  string
	out  []evidence.Claim
	seen map[string]int // claim by kind, sentence and text around it
	// promised are the claims of running text.
	promised []promise
	// read are the sentences that were read: rows and the running text share
	// many.
	read map[sentenceKey][]evidence.ClaimKind
}

func newClaimReader(url string) claimReader {
	return claimReader{url: url, seen: map[string]int{}, read: map[sentenceKey][]evidence.ClaimKind{}}
}

// join adds what another reader found promised in running text and no row of
// this one promises.
func (c *claimReader) join(other *claimReader) {
	for _, p := range other.promised {
		if _, have := c.seen[p.key]; have {
			continue
		}
		source := evidence.Source{URL: c.url, Quote: clip(squeeze(p.sentence), quoteBytes), Section: sectionOf(p.path), Position: p.pos}
		c.out = append(c.out, evidence.Claim{
			Kind: p.kind, Quote: source.Quote, Source: source, Scope: p.scope, Except: exception(p.sentence), Limited: p.limited,
		})
	}
}

// A promise is a claim of running text that a row may make as well.
type promise struct {
	key      string
	kind     evidence.ClaimKind
	sentence string
	scope    string
	limited  bool
	path     []entry
	pos      int
}

type sentenceKey struct {
	text        string
	about, near bool
}

// keptSentences bounds what claimReader remembers.
const keptSentences = 50_000

// kinds are the claims of a sentence.
func (c *claimReader) kinds(s parsed, text string) []evidence.ClaimKind {
	key := sentenceKey{text, s.about, s.near}
	kinds, have := c.read[key]
	if !have {
		kinds = s.claims()
		if len(c.read) > keptSentences {
			clear(c.read)
		}
		c.read[key] = kinds
	}
	return kinds
}

// row reads the purpose text of a record. Rows that share one merged text share
// its claims.
func (c *claimReader) row(r *record) {
	text := r.text(purposeField)
	if text == "" || len(text) > 8000 {
		return
	}
	for _, sentence := range sentences(text) {
		s := parseSentence(sentence)
		s.about, s.near = true, true // of a row, whose claims of withdrawal are left out
		for _, kind := range c.kinds(s, sentence) {
			if kind == evidence.ClaimLastUpdated || kind == evidence.ClaimWithdrawal || kind == evidence.ClaimNoCookies || kind == evidence.ClaimNecessaryOnly {
				continue
			}
			key := string(kind) + "\x00" + sentence + "\x00" + text
			at, have := c.seen[key]
			if !have {
				at = len(c.out)
				quote := clip(squeeze(sentence), quoteBytes)
				c.seen[key] = at
				c.out = append(c.out, evidence.Claim{
					Kind: kind, Quote: quote, Scope: scopeRow, Except: exception(sentence),
					Source: evidence.Source{URL: c.url, Quote: quote, Section: r.section(), Position: r.pos},
				})
			}
			for _, ref := range r.names {
				if !slices.Contains(c.out[at].Subjects, ref.name) {
					c.out[at].Subjects = append(c.out[at].Subjects, ref.name)
				}
			}
			c.seen[string(kind)+"\x00"+sentence] = at
		}
	}
}

// statement reads a text outside of tables.
func (c *claimReader) statement(st statement) {
	if len(st.text) > 20_000 {
		return
	}
	near := nearCookies(st.path)
	before := false
	for _, sentence := range sentences(st.text) {
		s := parseSentence(sentence)
		s.about = s.cookies || before
		s.near = near
		before = s.cookies
		for _, kind := range c.kinds(s, sentence) {
			if st.heading && kind != evidence.ClaimLastUpdated || kind == evidence.ClaimNoCookies && belowService(st.path) && !siteStems.hold(s.words) {
				continue
			}
			key := string(kind) + "\x00" + sentence
			if _, have := c.seen[key]; have {
				continue
			}
			c.seen[key] = len(c.promised)
			c.promised = append(c.promised, promise{key, kind, sentence, scopeOf(s, st), kind == evidence.ClaimNoCookies && s.limited(), st.path, st.pos})
		}
	}
}

// scopeOf says whether a sentence speaks of all cookies of the document or of
// those of its section.
func scopeOf(s parsed, st statement) string {
	if !theseCookies.in(s.folded) {
		return scopePage
	}
	for _, e := range st.path {
		if e.class.found {
			return scopeSection
		}
	}
	return scopePage
}

// declaresNone reports whether the document says of the whole site that it uses
// no cookies, and names none.
func declaresNone(doc *Document) bool {
	if len(doc.Declarations) > 0 {
		return false
	}
	for _, c := range doc.Claims {
		if c.Kind == evidence.ClaimSessionOnly || c.Kind == evidence.ClaimAfterConsent {
			return false // it uses some after all
		}
	}
	for _, c := range doc.Claims {
		if c.Kind == evidence.ClaimNoCookies && c.Scope == scopePage && c.Except == "" && !c.Limited {
			return true
		}
	}
	return false
}

// exceptionWords begin what a sentence takes out.
var exceptionWords = beginnings("except", "other than", "apart from", "with the exception", "außer", "ausser", "mit ausnahme", "ausgenommen", "sauf", "à l'exception", "hormis", "en dehors", "excepto", "salvo", "a excepción", "con la excepción", "eccetto", "tranne", "ad eccezione", "behalve", "uitgezonderd", "met uitzondering", "z wyjątkiem", "oprócz", "poza ", "exceto", "com exceção", "à exceção", "förutom", "utom", "med undantag", "undtagen", "bortset fra", "med undtagelse", "paitsi", "lukuun ottamatta", "kivéve", "s výjimkou", "kromě")

// exception returns what a sentence takes out, as written.
func exception(sentence string) string {
	lower := strings.ToLower(sentence)
	if len(lower) != len(sentence) {
		return "" // a letter whose lower case is longer: offsets do not hold
	}
	first := -1
	for at := 0; at < len(lower) && first < 0; at++ {
		if (at == 0 || strings.IndexByte(" (,", lower[at-1]) >= 0) && exceptionWords.begin(lower[at:]) {
			first = at
		}
	}
	if first < 0 {
		return ""
	}
	rest := sentence[first:]
	if end := strings.IndexAny(rest, ";)"); end > 0 {
		rest = rest[:end]
	}
	return clip(strings.TrimRight(squeeze(rest), " .,!"), 300)
}
