package consent

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A verdict is the judgement on one candidate.
type verdict struct {
	roles []role // of the candidate's controls
	score int
}

// The least scores of a banner. A box in the flow of the page must say more
// than one that lies over it.
const (
	leastOverlay = 4
	leastStatic  = 5
)

// judgeAll returns the banners among the candidates of one document. Of boxes
// within one another the smallest one that is a banner counts, unless one around
// it offers a kind of choice that it lacks, or is the dialog that it is only a
// part of.
func judgeAll(f Frame, p probed) []found {
	var out []found
	for _, c := range p.Candidates {
		v, ok := judge(c)
		if !ok {
			continue
		}
		next := found{frame: f, lang: languageOf(c, p.Lang), candidate: c, verdict: v}
		i := slices.IndexFunc(out, func(o found) bool { return o.within(&next) || next.within(&o) })
		switch {
		case i < 0:
			out = append(out, next)
		case out[i].within(&next):
			if next.outranks(&out[i]) {
				out[i] = next
			}
		case !out[i].outranks(&next):
			out[i] = next
		}
	}
	return out
}

// within reports whether a box is, by its text, a part of another or the same.
func (f *found) within(outer *found) bool {
	return strings.Contains(squeeze(outer.Text), squeeze(f.Text))
}

// outranks reports whether a box counts although it holds a smaller banner.
func (f *found) outranks(inner *found) bool {
	if f.choices() != inner.choices() {
		return f.choices() > inner.choices()
	}
	return f.Form == "dialog" && inner.Form != "dialog"
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// has reports whether a control of the role is there.
func (v verdict) has(r role) bool { return slices.Contains(v.roles, r) }

// choices counts the kinds of choice that are offered.
func (v verdict) choices() int {
	n := 0
	for _, r := range []role{accept, reject, settings, save, acknowledge} {
		if v.has(r) {
			n++
		}
	}
	return n
}

// pick returns the first control of a role that speaks of all, else the first of
// the role, or nil: settings also offer to refuse one service after another.
func (f *found) pick(r role) *control {
	var first *control
	for i := range f.Controls {
		switch c := &f.Controls[i]; {
		case f.roles[i] != r:
		case words().all.in(padded(c.label())):
			return c
		case first == nil:
			first = c
		}
	}
	return first
}

// judge decides whether a box is a consent banner: it must offer a choice or an
// acknowledgement, and speak of cookies, or of privacy with a true choice. What
// it says beside that weighs for and against.
func judge(c candidate) (verdict, bool) {
	v := verdict{roles: rolesOf(c)}
	decides := v.has(accept) || v.has(reject) || v.has(save) && v.has(toggle)
	// Some offer every choice behind the settings only.
	opens := v.has(settings) && c.Form != "static" && c.Form != "hinted" && c.Fields == 0
	if !decides && !v.has(acknowledge) && !opens {
		return v, false
	}
	x := words()
	text := padded(c.Text)
	cookies := x.cookie.count(text, 2)
	privacy := x.privacy.count(text, 2)
	spoken := x.cookie.in(prose(c))
	yes := v.has(accept) || v.has(acknowledge) // "OK" beside "No" accepts
	pair := yes && (v.has(reject) || v.has(settings)) || v.has(reject) && v.has(settings) || v.has(save) && v.has(toggle)
	explicit := explicitLabel(c, v)
	// A footer names cookies on its links and buttons only. Where the markup is a
	// banner's and a choice is offered, the words do not matter.
	if !spoken && !explicit && (!pair || privacy == 0 && !hinted(c.Marks)) {
		return v, false
	}

	// "OK" alone answers everything, and "Settings" opens any: what it is said to
	// must be a notice.
	context := x.context.count(text, 2)
	lone := v.has(reject) && !yes && !v.has(settings) && !v.has(save) && !explicit // "No, thanks"
	if (!decides || lone) && (context == 0 || !v.has(acknowledge) && !spoken) {
		return v, false
	}

	if cookies > 0 {
		v.score += 1 + cookies
	}
	v.score += privacy + context
	if pair {
		v.score += 2
	}
	if explicit {
		v.score += 2
	}
	if v.has(link) {
		v.score++
	}
	if c.Form != "static" {
		v.score++
	}
	if hinted(c.Marks) {
		v.score++
	}
	// What an age gate, a recipe or a newsletter says counts against it, less
	// where a control names cookies: walls also offer subscriptions.
	against := 3*x.never.count(text, 2) + 2*x.other.count(text, 3)
	if explicit {
		against /= 3
	}
	v.score -= against
	if c.Fields > 0 && c.Form != "frame" {
		v.score -= 3
	}

	switch c.Form {
	case "static":
		return v, decides && (explicit || pair) && c.Fields == 0 && v.score >= leastStatic
	case "hinted":
		return v, v.score >= leastStatic
	}
	return v, v.score >= leastOverlay
}

// rolesOf classifies the controls of a box.
func rolesOf(c candidate) []role {
	roles := make([]role, len(c.Controls))
	for i := range c.Controls {
		roles[i] = c.Controls[i].roleOf()
	}
	choice := slices.Contains(roles, toggle)
	answers := slices.Contains(roles, accept) || slices.Contains(roles, reject)
	if i := unnamedYes(c, roles); i >= 0 {
		roles[i] = accept
	}
	for i := range c.Controls {
		o := &c.Controls[i]
		if !o.Locked || o.Kind != "button" {
			continue
		}
		switch r := labelRole(o.Name); r {
		case save: // may have to wait for a choice
			if choice {
				roles[i] = r
			}
		case accept, reject: // may have to wait until all of the text was read
			if !answers {
				roles[i] = r
			}
		}
	}
	return roles
}

// maxYes is the longest label that is taken for a "yes" without being known, in runes.
const maxYes = 40

// unnamedYes returns the control that accepts although no word says so, or -1:
// beside "No, thanks" and nothing else to press, "Count me in" can mean only one
// thing, if cookies are what was asked about. The proof of the answer tells whether
// it was so.
func unnamedYes(c candidate, roles []role) int {
	yes, offers := -1, false
	for i := range c.Controls {
		o := &c.Controls[i]
		switch roles[i] {
		case reject:
			offers = offers || o.Kind == "button"
		case accept, acknowledge, save, toggle:
			return -1
		case other:
			label := o.label()
			if o.Kind != "button" || o.Locked || yes >= 0 || utf8.RuneCountInString(label) > maxYes || !saysYes(label) {
				return -1
			}
			yes = i
		}
	}
	if !offers || yes < 0 || !asksForCookies(prose(c)) {
		return -1
	}
	return yes
}

// asksForCookies reports whether a text speaks of cookies and of what sites do with
// them, and of nothing that is asked or offered elsewhere: a bakery sells cookies too.
func asksForCookies(text string) bool {
	x := words()
	return x.cookie.in(text) && x.context.in(text) && !x.never.in(text) && !x.other.in(text)
}

// saysYes reports whether a label may be a "yes": it asks nothing, and is not one
// that leads to something to read or to buy.
func saysYes(label string) bool {
	text := padded(label)
	if strings.Trim(text, " ") == "" || strings.ContainsAny(label, "?？") {
		return false
	}
	for _, w := range words().controls {
		if w.phrases.longest(text) > 0 {
			return false
		}
	}
	return !words().necessary.in(text)
}

// prose is the text of a box without what its controls say.
func prose(c candidate) string {
	text := squeeze(c.Text)
	for i := range c.Controls {
		if label := squeeze(c.Controls[i].Text); label != "" {
			text = strings.Replace(text, label, " ", 1)
		}
	}
	return padded(text)
}

// explicitLabel reports whether a control says what it decides about: "Accept
// cookies", "Reject all", "Only necessary".
func explicitLabel(c candidate, v verdict) bool {
	for i, r := range v.roles {
		if r != accept && r != reject {
			continue
		}
		label := padded(c.Controls[i].label())
		if words().cookie.in(label) || r == reject && words().necessary.in(label) || words().all.in(label) {
			return true
		}
	}
	return false
}

func hinted(marks string) bool {
	marks = strings.ToLower(marks)
	for _, h := range []string{"cookie", "consent", "gdpr", "cmp", "onetrust", "didomi", "usercentrics", "klaro", "tarteaucitron", "iubenda", "axeptio"} {
		if strings.Contains(marks, h) {
			return true
		}
	}
	return false
}

// languageOf guesses the language of a banner: by its frequent words and its
// labels, and by what the document says where they do not decide.
func languageOf(c candidate, documentLang string) string {
	text := padded(c.Text)
	declared, _, _ := strings.Cut(strings.ToLower(documentLang), "-")
	if declared == "nb" || declared == "nn" {
		declared = "no"
	}
	best, most := declared, 0
	for _, l := range words().perLang {
		n := 2*l.running.count(text, 12) + l.labels.count(text, 6)
		if l.lang == declared {
			n++ // a tie goes to the document
		}
		if n > most {
			best, most = l.lang, n
		}
	}
	if most < 4 && declared != "" {
		return declared
	}
	return best
}
