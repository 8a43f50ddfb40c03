package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// WriteTable writes the report for a terminal: first what the result is and what
// could not be looked at, then findings by severity, rules that could not tell,
// cookies by phase and party, the policy, and what the scan was made with.
func WriteTable(w io.Writer, r *Report, o Options) error {
	t := newTerminal(o)
	t.head(r)
	t.coverage(r)
	t.findings(r, o)
	t.inconclusive(r)
	t.notRequested(r)
	if len(r.Only) == 0 {
		if err := t.observations(r, o); err != nil {
			return err
		}
		if err := t.policy(r, o); err != nil {
			return err
		}
	}
	t.foot(r, o)
	return t.flush(w)
}

// entry prints a labelled line of the head, the coverage and the foot.
func (t *terminal) entry(s style, label, text string) {
	t.wrapped(s, fmt.Sprintf("  %-10s", label), text)
}

func (t *terminal) head(r *Report) {
	t.line(bold, identifier(r.Scan.Site.URL))
	s := plain
	if _, bad := r.Worst(); bad || r.Scan.Outcome == evidence.Unavailable {
		s = redB
	}
	t.wrapped(s, "", prose(r.Summary.Headline))
	for _, n := range r.notices() {
		t.wrapped(redB, "", n)
	}
	if all := r.judged(); len(all) > 0 {
		t.wrapped(plain, "", ruleCounts(all))
	}
	if s := r.ScoreText(); s != "" {
		t.wrapped(plain, "", s)
	}
}

// ruleCounts says what came of the rules. A rule that is violated ten times is
// one rule here: only rules can be set against those that passed.
func ruleCounts(fs []audit.Finding) string {
	rules := map[audit.Verdict]map[string]bool{}
	notRequested := 0
	for _, f := range fs {
		if len(f.NotRequested) > 0 {
			notRequested++
			continue
		}
		if rules[f.Verdict] == nil {
			rules[f.Verdict] = map[string]bool{}
		}
		rules[f.Verdict][f.Rule] = true
	}
	counts := fmt.Sprintf("Rules: %d violated, %d could not tell, %d passed, %d did not apply",
		len(rules[audit.Violation]), len(rules[audit.Inconclusive]), len(rules[audit.Pass]), len(rules[audit.NotApplicable]))
	if notRequested > 0 {
		counts += fmt.Sprintf(", %d not asked for", notRequested)
	}
	return counts
}

func (t *terminal) coverage(r *Report) {
	t.heading("COVERAGE")
	c := r.Coverage
	for _, g := range shortGaps(c.Gaps) {
		text := prose(g.What)
		if g.Why != "" {
			text += ": " + prose(g.Why)
		}
		label := g.label()
		if strings.Contains(label, ", ") {
			label, text = "phases", label+": "+text
		}
		t.wrapped(redB, fmt.Sprintf("! %-10s", label), text)
	}
	t.entry(outcomeStyle(r.Scan.Outcome), "scan", outcomeText(r.Scan.Outcome))
	for _, pc := range c.Phases {
		t.entry(outcomeStyle(pc.Outcome), string(pc.Phase), phaseLine(pc))
	}
	t.entry(plain, "banner", bannerLine(r.Banner))
	t.entry(plain, "policy", r.policyLine())
	for _, n := range c.Notes {
		t.entry(dim, "note", noteText(n))
	}
}

// shortGaps says once what several phases share, and leaves out of the reason for
// the whole scan what the other gaps say: a site that does not answer would
// otherwise say so five times.
func shortGaps(gaps []Gap) []Gap {
	var out []Gap
	for _, g := range gaps {
		i := slices.IndexFunc(out, func(o Gap) bool { return g.Phase != "" && o.Area == g.Area && o.What == g.What && o.Why == g.Why })
		switch {
		case i >= 0:
			out[i].Phase += ", " + g.Phase
		case g.Area == "scan" && toldBy(g.Why, gaps):
			g.Why = ""
			out = append(out, g)
		default:
			out = append(out, g)
		}
	}
	return out
}

// label names what a gap is of.
func (g Gap) label() string { return cmp.Or(string(g.Phase), g.Area) }

// toldBy reports whether gaps give every part of the reason for a whole scan.
func toldBy(why string, gaps []Gap) bool {
	for _, g := range gaps {
		if g.Area != "scan" {
			why = strings.Replace(why, g.label()+": "+g.Why, "", 1)
		}
	}
	return strings.Trim(why, "; ") == ""
}

func noteText(n Note) string {
	if n.Phase == "" {
		return prose(n.Text)
	}
	return string(n.Phase) + ": " + prose(n.Text)
}

func outcomeStyle(o evidence.Outcome) style {
	switch o {
	case evidence.Complete:
		return plain
	case NotScanned:
		return dim
	default:
		return yellow
	}
}

func phaseLine(pc PhaseCoverage) string {
	s := outcomeText(pc.Outcome)
	if pc.Pages > 0 && pc.Outcome != evidence.Unavailable {
		s += fmt.Sprintf(", %d of %s", pc.Whole, Plural(pc.Pages, "page"))
	}
	if pc.Answer != evidence.NotAsked {
		s += ", " + answerText(pc.Answer)
	}
	return s
}

func bannerLine(b *evidence.Banner) string {
	if b == nil {
		return "not looked for"
	}
	if !b.Found {
		return "none found"
	}
	parts := []string{"found"}
	if b.CMP != "" {
		parts = append(parts, prose(b.CMP))
	}
	switch {
	case b.FirstLayerAccept && b.FirstLayerReject:
		parts = append(parts, "accept and reject on the first layer")
	case b.FirstLayerAccept:
		parts = append(parts, "accept but no reject on the first layer")
	case b.FirstLayerReject:
		parts = append(parts, "reject but no accept on the first layer")
	default:
		parts = append(parts, "neither accept nor reject on the first layer")
	}
	if b.ScrollGrants != nil && *b.ScrollGrants {
		parts = append(parts, "scrolling grants")
	}
	if b.NavigationGrants != nil && *b.NavigationGrants {
		parts = append(parts, "going on to another page grants")
	}
	if b.CloseGrants != nil && *b.CloseGrants {
		parts = append(parts, "closing it grants")
	}
	return strings.Join(parts, ", ")
}

func (r *Report) policyLine() string {
	p := r.Coverage.Policy
	looked := fmt.Sprintf(" (%s opened)", Plural(len(p.Looked), "address"))
	switch {
	case p.Found:
		s := fmt.Sprintf("found, %s, %s", Plural(p.Documents, "document"), Plural(len(r.Declarations), "declaration"))
		if p.Outcome != evidence.Complete {
			s += "; the search was cut short, there may be more"
		}
		return s
	case p.Outcome == evidence.Complete:
		return "none found" + looked
	case p.Outcome == evidence.Partial:
		return "none found so far, the search was cut short" + looked
	default:
		return "not looked for"
	}
}

func (t *terminal) foot(r *Report, o Options) {
	t.heading("SCAN")
	s := r.Scan
	t.entry(plain, "id", identifier(s.ID))
	t.entry(plain, "time", fmt.Sprintf("%s, took %s", s.Started.Format("2006-01-02 15:04:05 UTC"), moment(s.Finished.Sub(s.Started).Milliseconds())))
	t.entry(plain, "made with", fmt.Sprintf("%s, %s; profile %s; %s time", toolText(s.Tool), toolText(s.Browser),
		r.profileText(), cmp.Or(prose(s.Settle), "not stated")))
	var sets []string
	for _, d := range s.Datasets {
		sets = append(sets, prose(d.Name+" "+d.Version))
	}
	t.entry(plain, "data", cmp.Or(strings.Join(sets, ", "), "none"))
	t.blank()
	t.wrapped(dim, "", "Potential non-compliance: the tool observes, a person judges.")
	if !o.Details {
		t.wrapped(dim, "", "Cut texts end in \"…\"; --details adds evidence, remedies and full citations.")
	}
}

func toolText(t evidence.Tool) string {
	return cmp.Or(strings.TrimSpace(prose(t.Name+" "+t.Version)), "not recorded")
}

// phases lists the phases that tables have a column for.
func (r *Report) phases() []evidence.Phase {
	var ps []evidence.Phase
	for _, pc := range r.Coverage.Phases {
		ps = append(ps, pc.Phase)
	}
	slices.SortFunc(ps, func(a, b evidence.Phase) int { return cmp.Compare(phaseRank(a), phaseRank(b)) })
	return ps
}
