package report

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// Bounds on the tree of a page: a site can lead through as many hosts as it
// likes, and browsers nest elements some hundreds deep.
const (
	treeHosts   = 400
	treeDepth   = 12
	treeCookies = 20
	treeBy      = 5
)

// A branch is a host of another site, below what first brought it into a page.
type branch struct {
	*hostRow
	Total    int
	First    string   // when it was first asked for
	By       string   // what brought it; empty where that is the branch above or the site
	AlsoBy   []string // what else did
	Sets     []string // cookies that it wrote
	MoreSets int
	Branches []*branch

	by    string
	depth int
	early bool
}

// Early reports whether the host was asked for something before any answer to
// the banner.
func (b *branch) Early() bool { return b.early }

// newTree tells who brought whom, by the initiators of requests: the address
// whose script, document or redirect asked. A host stands where it was seen
// first, by phase and in the order of the requests; what asked for it later is
// named beside it. The number of hosts that have no place is returned, too.
func newTree(r *Report, rows []hostRow) (roots []*branch, left int) {
	byHost := map[string]*hostRow{}
	for i := range rows {
		byHost[rows[i].Host] = &rows[i]
	}
	t := tree{r: r, rows: byHost, placed: map[string]*branch{}, left: map[string]bool{}}
	for _, p := range r.phases() {
		for i := range r.Requests {
			if q := &r.Requests[i]; q.Phase == p && q.Party == evidence.Third {
				t.add(q)
			}
		}
	}
	t.cookies()
	return t.roots, len(t.left)
}

type tree struct {
	r      *Report
	rows   map[string]*hostRow
	placed map[string]*branch
	roots  []*branch
	left   map[string]bool
}

func (t *tree) add(q *Request) {
	by := hostOfURL(q.Initiator)
	above := t.placed[by]
	b := t.placed[q.Host]
	switch {
	case b != nil:
		if by != "" && by != b.by && by != q.Host && !slices.Contains(b.AlsoBy, by) && len(b.AlsoBy) < treeBy {
			b.AlsoBy = append(b.AlsoBy, by)
		}
	case len(t.placed) == treeHosts || t.rows[q.Host] == nil:
		t.left[q.Host] = true
		return
	default:
		b = &branch{hostRow: t.rows[q.Host], by: by, First: fmt.Sprintf("%s, %s", phaseText(q.Phase), moment(q.AtMS))}
		t.placed[q.Host] = b
		if above != nil && above.depth < treeDepth {
			b.depth = above.depth + 1
			above.Branches = append(above.Branches, b)
		} else {
			t.roots = append(t.roots, b)
			if above != nil {
				b.By = by // too deep to stand below it
			}
		}
	}
	b.Total++
	b.early = b.early || !q.AfterAnswer && !q.Login
}

// cookies names what each host wrote, scripts of a host included.
func (t *tree) cookies() {
	for i := range t.r.Cookies {
		c := &t.r.Cookies[i]
		var by []*branch
		for _, w := range c.Writes {
			if b := t.placed[w.Host]; b != nil && len(w.Blocked) == 0 && !w.Deletes && !slices.Contains(by, b) {
				by = append(by, b)
			}
		}
		for _, b := range by {
			name := c.Name
			if c.Party == evidence.First {
				name += " (of the site itself)"
			}
			if len(b.Sets) < treeCookies {
				b.Sets = append(b.Sets, name)
			} else {
				b.MoreSets++
			}
		}
	}
}

func hostOfURL(address string) string {
	u, err := url.Parse(strings.TrimPrefix(address, "blob:"))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
