package rules

import (
	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// admission is how sure a purpose is that only the site's own policy states: a class
// may have been misread, so it is never more than likely.
const admission = 0.7

// ownWords says in a rule's catalogue entry that it goes by admitted.
const ownWords = "Where nothing else is known of an identifier, the class that the site's own policy gives it counts, as likely."

// admitted returns what a cookie is for, and whether it is only the site's own policy
// that says so. Nobody declares against the truth that a cookie of his tracks visitors:
// where nothing else is known of it, "statistics" or "advertising" in his table is an
// admission. Every row that fits must say the same, and the value must tell visitors
// apart. What a policy calls necessary admits nothing, and proves nothing.
func admitted(c *audit.Case, i int) (p audit.Purpose, byPolicy bool) {
	k, a := &c.Scan.Cookies[i], &c.Cookies[i]
	p = a.Purpose
	if p.Category != evidence.UnknownCategory || p.Exempt || a.Match.State != audit.Declared || len(k.Identifiers()) == 0 {
		return p, false
	}
	class := evidence.UnknownCategory
	for _, j := range a.Match.Declarations {
		d := &c.Scan.Declarations[j]
		tracking := d.Category == evidence.Analytics || d.Category == evidence.Marketing
		if !tracking || d.Unsure != "" || class != evidence.UnknownCategory && class != d.Category || literal(d.Name) < 3 {
			return p, false
		}
		class = d.Category
	}
	if class == evidence.UnknownCategory {
		return p, false
	}
	p.Category, p.Confidence, p.ExemptConfidence = class, admission, admission
	if class == evidence.Analytics {
		p.Class = "audience measurement" // which some national laws exempt
	}
	d := &c.Scan.Declarations[a.Match.Declarations[0]]
	p.Basis = append(p.Basis[:len(p.Basis):len(p.Basis)], "the site's own policy declares it so: "+quote(d.Source.Quote))
	return p, true
}

// admittedWords are purposeWords that say whose word it is.
func admittedWords(p audit.Purpose, byPolicy bool) string {
	if byPolicy {
		return purposeWords(p) + ", as the policy declares it"
	}
	return purposeWords(p)
}
