package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

// declaring is a scan of a site that declares rows of names and classes.
func declaring(id, domain string, minute int, rows ...string) *evidence.Scan {
	sc := &evidence.Scan{
		ID: id, Site: evidence.Site{URL: "https://www." + domain + "/", Host: "www." + domain, Domain: domain},
		Started: moment(0).Add(time.Duration(minute) * time.Minute),
	}
	for i := 0; i < len(rows); i += 2 {
		sc.Declarations = append(sc.Declarations, evidence.Declaration{Name: rows[i], Category: evidence.Category(rows[i+1])})
	}
	return sc
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		unsure := declaring("unsure", "e.test", 1, "sid", "marketing")
		unsure.Declarations[0].Unsure = "two classes stand in one cell"
		for _, sc := range []*evidence.Scan{
			declaring("a old", "a.test", 1, "sid", "marketing", "gone", "analytics"),
			declaring("a new", "a.test", 2, "sid", "necessary", "sid", "necessary", "_ga*", "analytics"),
			declaring("b", "b.test", 1, "sid", "necessary", "sid", "functional", "_ga*", "unknown"),
			declaring("c", "c.test", 1, "sid", "analytics", "other", "necessary"),
			declaring("own", "own.test", 1, "sid", "analytics"),
			unsure,
		} {
			must(t, s.Save(t.Context(), sc, nil))
		}
		// Two addresses of one domain are one site.
		second := declaring("c shop", "c.test", 1, "sid", "analytics")
		second.Site.URL = "https://shop.c.test/"
		must(t, s.Save(t.Context(), second, nil))

		asks := declaring("asks", "own.test", 9, "sid", "analytics", "sid", "necessary", "_ga*", "analytics", "gone", "analytics", "x'; --", "analytics")
		for i := range 2 * maxNames {
			asks.Declarations = append(asks.Declarations, evidence.Declaration{Name: fmt.Sprintf("n%d", i)})
		}
		got, err := s.Corpus(t.Context(), asks)
		must(t, err)
		want := &evidence.Corpus{Classes: []evidence.ClassElsewhere{
			{Name: "_ga*", Category: evidence.Analytics, Sites: 1},
			{Name: "sid", Category: evidence.Analytics, Sites: 1},
			{Name: "sid", Category: evidence.Functional, Sites: 1},
			{Name: "sid", Category: evidence.Necessary, Sites: 2},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		none, err := s.Corpus(t.Context(), &evidence.Scan{})
		must(t, err)
		if diff := cmp.Diff(&evidence.Corpus{Classes: []evidence.ClassElsewhere{}}, none); diff != "" {
			t.Error(diff)
		}
	})
}
