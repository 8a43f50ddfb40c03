package crawler

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

func seconds(n int64) *int64 { return &n }

func seen(p evidence.Phase, change func(*evidence.Cookie)) *browser.Record {
	c := evidence.Cookie{
		CookieKey: evidence.CookieKey{Name: "a", Domain: "www.mill.test", Path: "/"},
		Phases:    []evidence.Phase{p}, AfterAnswer: []evidence.Phase{}, Stored: true, Session: true,
		Writes: []evidence.Write{{Phase: p, Mechanism: evidence.HTTP}},
	}
	if change != nil {
		change(&c)
	}
	return &browser.Record{Cookies: []evidence.Cookie{c}}
}

func TestMergeJoinsThePhases(t *testing.T) {
	t.Parallel()
	var scan evidence.Scan
	merge(&scan, []*browser.Record{
		seen(evidence.Before, func(c *evidence.Cookie) { c.Stored = false; c.Writes[0].Blocked = []string{"SecureOnly"} }),
		seen(evidence.Reject, func(c *evidence.Cookie) {
			c.Session, c.Requested, c.Kept, c.Secure = false, seconds(60), seconds(60), true
			c.AfterAnswer = []evidence.Phase{evidence.Reject}
		}),
		seen(evidence.Accept, func(c *evidence.Cookie) { c.Session, c.Requested, c.Kept = false, seconds(90), seconds(80) }),
	}, parties{"mill.test"})
	if len(scan.Cookies) != 1 {
		t.Fatalf("%d cookies, want one", len(scan.Cookies))
	}
	want := evidence.Cookie{
		CookieKey: evidence.CookieKey{Name: "a", Domain: "www.mill.test", Path: "/"},
		Site:      "mill.test", Party: evidence.First, Stored: true, Secure: true,
		Phases:      []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept},
		AfterAnswer: []evidence.Phase{evidence.Reject},
		Requested:   seconds(90), Kept: seconds(80),
		Writes: []evidence.Write{
			{Phase: evidence.Before, Mechanism: evidence.HTTP, Blocked: []string{"SecureOnly"}},
			{Phase: evidence.Reject, Mechanism: evidence.HTTP},
			{Phase: evidence.Accept, Mechanism: evidence.HTTP},
		},
	}
	if diff := cmp.Diff(want, scan.Cookies[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Only requests to others are kept; a site that moved to another domain of its
// own is at home in both.
func TestMergeTellsParties(t *testing.T) {
	t.Parallel()
	var scan evidence.Scan
	merge(&scan, []*browser.Record{{
		Requests: []evidence.Request{{Host: "www.mill.test"}, {Host: "cdn.mill-shop.test"}, {Host: "px.kite.test"}},
		Storage:  []evidence.StorageItem{{Origin: "https://px.kite.test:8443", Key: "k"}, {Origin: "https://mill-shop.test", Key: "k"}},
	}}, parties{"mill.test", "mill-shop.test"})
	if len(scan.Requests) != 1 || scan.Requests[0].Site != "kite.test" || scan.Requests[0].Party != evidence.Third {
		t.Errorf("requests: %+v", scan.Requests)
	}
	got := map[string]evidence.Party{}
	for _, s := range scan.Storage {
		got[s.Site] = s.Party
	}
	if diff := cmp.Diff(map[string]evidence.Party{"kite.test": evidence.Third, "mill-shop.test": evidence.First}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJoinBanners(t *testing.T) {
	t.Parallel()
	two := 2
	settings := []evidence.BannerControl{{Layer: 1}, {Layer: 2}}
	before := &evidence.Banner{Found: true, FirstLayerAccept: true, Controls: []evidence.BannerControl{{Layer: 1}}}
	reject := &evidence.Banner{Found: true, FirstLayerAccept: true, ClicksReject: &two, Controls: settings, PreTicked: []string{"Statistics"}}
	got := joinBanners(before, reject)
	if got.ClicksReject != &two || len(got.Controls) != 2 || len(got.PreTicked) != 1 {
		t.Errorf("got %+v", got)
	}
	if joinBanners(nil, nil) != nil {
		t.Error("a banner that nobody looked for is not known")
	}
	none := &evidence.Banner{}
	if joinBanners(none, nil) != none || joinBanners(nil, none) != none || !joinBanners(none, reject).Found {
		t.Error("what one phase looked at counts; what one phase found counts more")
	}
}

func TestOverall(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		visits []evidence.Outcome
		search evidence.Outcome
		want   evidence.Outcome
	}{
		{[]evidence.Outcome{evidence.Complete, evidence.Complete}, evidence.Complete, evidence.Complete},
		{[]evidence.Outcome{evidence.Complete, evidence.Complete}, evidence.Partial, evidence.Partial},
		{[]evidence.Outcome{evidence.Complete, evidence.Unavailable}, evidence.Complete, evidence.Partial},
		{[]evidence.Outcome{evidence.Partial, evidence.Partial}, evidence.Unavailable, evidence.Partial},
		{[]evidence.Outcome{evidence.Unavailable, evidence.Unavailable}, evidence.Unavailable, evidence.Unavailable},
		{[]evidence.Outcome{evidence.Unavailable, evidence.Unavailable}, evidence.Complete, evidence.Unavailable},
	} {
		s := &evidence.Scan{PolicySearch: evidence.PolicySearch{Outcome: tc.search}}
		for _, o := range tc.visits {
			s.Visits = append(s.Visits, evidence.Visit{Outcome: o})
		}
		if got := overall(s); got != tc.want {
			t.Errorf("%v, policy %s: %s, want %s", tc.visits, tc.search, got, tc.want)
		}
	}
}
