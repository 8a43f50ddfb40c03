package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

// outline writes a tree with two spaces for each level.
func outline(bs []*branch, indent string) string {
	var s strings.Builder
	for _, b := range bs {
		fmt.Fprintf(&s, "%s%s %d early=%v", indent, b.Host, b.Total, b.Early())
		if b.By != "" {
			fmt.Fprintf(&s, " by=%s", b.By)
		}
		if len(b.AlsoBy) > 0 {
			fmt.Fprintf(&s, " also=%v", b.AlsoBy)
		}
		if len(b.Sets) > 0 {
			fmt.Fprintf(&s, " sets=%v+%d", b.Sets, b.MoreSets)
		}
		s.WriteString("\n" + outline(b.Branches, indent+"  "))
	}
	return s.String()
}

func third(host, by string, phase evidence.Phase, after bool) Request {
	return Request{Host: host, Party: evidence.Third, Initiator: by, Phase: phase, AfterAnswer: after}
}

func TestTree(t *testing.T) {
	t.Parallel()
	r := &Report{
		Coverage: Coverage{Phases: []PhaseCoverage{{Phase: evidence.Before}, {Phase: evidence.Accept}}},
		Requests: []Request{
			third("late.example", "https://tags.example/t.js", evidence.Accept, true),
			third("tags.example", "https://www.site.example/", evidence.Before, false),
			third("ads.example", "https://TAGS.example/t.js", evidence.Before, false),
			third("sync.example", "https://ads.example/start", evidence.Before, false),
			third("ads.example", "https://sync.example/back", evidence.Before, false), // round and round
			third("ads.example", "https://ads.example/self", evidence.Before, false),
			third("tags.example", "https://ads.example/", evidence.Accept, true),
			{Host: "own.example", Party: evidence.First, Initiator: "https://tags.example/", Phase: evidence.Before},
		},
		Cookies: []Cookie{
			{Name: "id", Party: evidence.Third, Writes: []evidence.Write{{Host: "ads.example"}, {Host: "ads.example"}, {Host: "sync.example", Blocked: []string{"x"}}}},
			{Name: "_ga", Party: evidence.First, Writes: []evidence.Write{{Host: "tags.example"}, {Host: "sync.example", Deletes: true}}},
		},
	}
	var p page
	p.Phases = r.phases()
	p.addHosts(r)
	roots, left := newTree(r, p.Hosts)
	want := `tags.example 2 early=true also=[ads.example] sets=[_ga (of the site itself)]+0
  ads.example 3 early=true also=[sync.example] sets=[id]+0
    sync.example 1 early=true
  late.example 1 early=false
`
	if d := cmp.Diff(want, outline(roots, "")); d != "" || left != 0 {
		t.Errorf("%d left out; (-want +got):\n%s", left, d)
	}
}

// TestTreeBounds has a chain of hosts that does not end, and a cookie for each.
func TestTreeBounds(t *testing.T) {
	t.Parallel()
	r := &Report{Coverage: Coverage{Phases: []PhaseCoverage{{Phase: evidence.Before}}}}
	by := "https://www.site.example/"
	for i := range 3 * treeHosts {
		host := fmt.Sprintf("h%d.example", i)
		r.Requests = append(r.Requests, third(host, by, evidence.Before, false))
		r.Cookies = append(r.Cookies, Cookie{Name: host, Writes: []evidence.Write{{Host: "h0.example"}}})
		by = "https://" + host + "/"
	}
	var p page
	p.Phases = r.phases()
	p.addHosts(r)
	roots, left := newTree(r, p.Hosts)
	if left != 2*treeHosts {
		t.Errorf("%d hosts are left out, want %d", left, 2*treeHosts)
	}
	deepest, hosts := 0, 0
	for line := range strings.Lines(outline(roots, "")) {
		hosts++
		deepest = max(deepest, (len(line)-len(strings.TrimLeft(line, " ")))/2)
	}
	if deepest != treeDepth || hosts != treeHosts {
		t.Errorf("%d hosts, %d deep", hosts, deepest)
	}
	if b := roots[0]; len(b.Sets) != treeCookies || b.MoreSets != 3*treeHosts-treeCookies {
		t.Errorf("%d cookies and %d more", len(b.Sets), b.MoreSets)
	}
	if roots[1].By != fmt.Sprintf("h%d.example", treeDepth) {
		t.Errorf("what is too deep does not say what brought it: %q", roots[1].By)
	}
}

func TestShotsAreBounded(t *testing.T) {
	t.Parallel()
	png := func(n int, last byte) []byte {
		return append(append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, n)...), last)
	}
	scan := &evidence.Scan{Visits: []evidence.Visit{
		{Phase: evidence.Before, Screenshots: []evidence.Screenshot{{Stage: "first_layer", PNG: png(maxShots/2, 1)}, {Stage: "settings", PNG: []byte("<svg onload=x>")}}},
		{Phase: evidence.Accept, Screenshots: []evidence.Screenshot{{Stage: "first_layer", PNG: png(maxShots/2, 1)}, {Stage: "answered", PNG: png(maxShots/2, 2)}, {Stage: "returned", PNG: png(9, 3)}}},
	}}
	var p page
	p.addShots(New(scan, nil))
	var captions [][]string
	for _, s := range p.Shots {
		captions = append(captions, s.Captions)
	}
	want := [][]string{{"before any answer, first layer, at 0.00 s", "in the visit that accepts, first layer, at 0.00 s"}, {"in the visit that accepts, returned, at 0.00 s"}}
	if d := cmp.Diff(want, captions); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !strings.HasPrefix(p.ShotsLeft, "1 picture left out: ") {
		t.Errorf("%q", p.ShotsLeft)
	}
}
