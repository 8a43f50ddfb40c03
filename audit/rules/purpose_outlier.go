package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// minElsewhere is how many other sites make a comparison, and minShare the share
// of them that makes a majority (Bollinger et al., USENIX Security 2022).
const (
	minElsewhere = 10
	minShare     = 2.0 / 3
)

// PurposeOutlier: a class that nearly nobody else gives to a cookie is likely to
// be a mistake.
var PurposeOutlier = audit.Rule{
	ID:          "PURPOSE_OUTLIER",
	Title:       "Policy gives a cookie another class than most sites do",
	Severity:    audit.Low,
	Certainty:   audit.Possible,
	NeedsPolicy: true,
	Condition: "A policy gives a cookie a class that differs from the one that more than two thirds of at least ten other sites give it; the other " +
		"sites are those whose latest scans are in the same database.",
	Control: "Nothing is said where another row of the site gives the class of the majority, where the cookie is known, with at least 0.7 confidence, " +
		"to serve what the site says, or where it is known to need no consent and the classes are \"necessary\" and \"functional\". " +
		"Sites are counted once for each registrable domain; one that gives a cookie two classes counts in both.",
	Remediation: "Look at what the cookie is for, and give it the class that fits; keep the present one where it does.",
	Cites:       []law.Citation{law.Exemptions, law.TaskforceClassified, law.GDPR5_1a},
	Check:       checkPurposeOutlier,
}

func checkPurposeOutlier(c *audit.Case) audit.Result {
	if c.Scan.Corpus == nil {
		return audit.Result{Inconclusive: "the scan was not compared with other sites"}
	}
	classes := elsewhere(c.Scan.Corpus)
	own := map[string]map[evidence.Category]bool{}
	for i := range c.Scan.Declarations {
		if d := &c.Scan.Declarations[i]; hasClass(d) {
			if own[d.Name] == nil {
				own[d.Name] = map[evidence.Category]bool{}
			}
			own[d.Name][d.Category] = true
		}
	}
	compared := false
	var found collection
	for i := range c.Scan.Declarations {
		d, p := &c.Scan.Declarations[i], c.Declared[i]
		e := classes[d.Name]
		if !hasClass(d) || e.sites < minElsewhere {
			continue
		}
		compared = true
		if float64(e.most) <= minShare*float64(e.sites) || own[d.Name][e.majority] || defensible(d, p, e.majority) {
			continue
		}
		f := audit.Finding{
			Subject: declarationSubject(d),
			Message: fmt.Sprintf("The policy declares %q%s as %s; of %d other sites that declare it, %d call it %s.",
				d.Name, forHost(d), d.Category, e.sites, e.most, e.majority),
			Evidence: []audit.Exhibit{declarationExhibit(d), {What: "classes on other sites: " + e.words}, basisExhibit(p)},
		}
		if p.Confidence >= 0.7 && p.Category == e.majority {
			f.Certainty = audit.Likely
		}
		found.add(f)
	}
	if !compared {
		return audit.Result{NotApplicable: fmt.Sprintf("none of the declared names has a class on %d other sites in the database", minElsewhere)}
	}
	return audit.Result{Violations: found.list}
}

// A consensus is what other sites say of one name.
type consensus struct {
	majority    evidence.Category
	most, sites int
	words       string
}

func elsewhere(corpus *evidence.Corpus) map[string]consensus {
	all := map[string]consensus{}
	for _, cl := range corpus.Classes {
		e := all[cl.Name]
		e.sites += cl.Sites
		if cl.Sites > e.most {
			e.most, e.majority = cl.Sites, cl.Category
		}
		if e.words != "" {
			e.words += ", "
		}
		e.words += fmt.Sprintf("%s on %d", cl.Category, cl.Sites)
		all[cl.Name] = e
	}
	return all
}

func hasClass(d *evidence.Declaration) bool {
	return d.Category != evidence.UnknownCategory && d.Category != "" && d.Unsure == ""
}

// defensible reports whether what is known of a cookie bears out the site's class
// as well as the majority's.
func defensible(d *evidence.Declaration, p audit.Purpose, majority evidence.Category) bool {
	exemptWord := func(c evidence.Category) bool { return c == evidence.Necessary || c == evidence.Functional }
	return p.Sure() >= 0.7 && (p.Category == d.Category || p.Exempt && exemptWord(d.Category) && exemptWord(majority))
}
