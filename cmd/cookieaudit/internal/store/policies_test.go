package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

func TestEarlierPolicies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		scan := func(id string, minute int, url string, search evidence.Outcome, policies int) *evidence.Scan {
			sc := sampleScan(id)
			sc.Site.URL, sc.Started = url, moment(0).Add(time.Duration(minute)*time.Minute)
			sc.PolicySearch.Outcome, sc.Policies = search, sc.Policies[:policies]
			return sc
		}
		const site, empty, other = "https://a.test/", "https://none.test/", "https://b.test/"
		for _, sc := range []*evidence.Scan{
			scan("5 cut short, none", 5, site, evidence.Partial, 0),
			scan("2 read", 2, site, evidence.Partial, 1),
			scan("3 unread", 3, site, evidence.Unavailable, 0),
			scan("1 read", 1, site, evidence.Complete, 1),
			scan("4 unread", 4, site, evidence.Unavailable, 0),
			scan("6 there is none", 6, site, evidence.Complete, 0),
			scan("9 of another site", 9, other, evidence.Complete, 1),
			scan("1 never", 1, empty, evidence.Unavailable, 0),
			scan("2 never", 2, empty, evidence.Unavailable, 0),
		} {
			save(t, s, sc, sampleJudgement())
		}
		for _, test := range []struct {
			url              string
			minute           int
			earlier, between string
		}{
			{site, 1, "", ""},
			{site, 2, "1 read", ""},
			{site, 3, "2 read", ""},
			{site, 4, "2 read", "3 unread"},
			{site, 6, "2 read", "5 cut short, none"},
			{site, 7, "6 there is none", ""},
			{empty, 2, "", "1 never"},
			{empty, 3, "", "2 never"},
			{"https://new.test/", 99, "", ""},
		} {
			earlier, between, err := s.EarlierPolicies(t.Context(), scan("now", test.minute, test.url, evidence.Complete, 1))
			must(t, err)
			id := func(sc *evidence.Scan) string {
				if sc == nil {
					return ""
				}
				return sc.ID
			}
			if id(earlier) != test.earlier || id(between) != test.between {
				t.Errorf("%s at %d: %q and in between %q, want %q and %q", test.url, test.minute, id(earlier), id(between), test.earlier, test.between)
			}
		}
		got, _, err := s.EarlierPolicies(t.Context(), scan("now", 2, site, evidence.Complete, 1))
		must(t, err)
		want := scan("1 read", 1, site, evidence.Complete, 1)
		// The whole text and when it was read are kept with every scan.
		if diff := cmp.Diff(want.Policies, got.Policies); diff != "" {
			t.Errorf("policies (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want.Declarations, got.Declarations); diff != "" {
			t.Errorf("declarations (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want.Claims, got.Claims); diff != "" {
			t.Errorf("claims (-want +got):\n%s", diff)
		}
	})
}
