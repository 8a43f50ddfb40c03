package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAlerted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		const site, hook = "https://weir.test/", "webhook-1"
		day := time.Date(2026, 3, 1, 4, 0, 0, 123, time.UTC)
		first := []Alerted{
			{Thing: "cookie/8:weir.test/3:_ga", State: "new", Scan: "a", Started: day},
			{Thing: "finding/" + strings.Repeat("ü", 90), State: "new", Scan: "a", Started: day},
		}
		later := []Alerted{{Thing: first[0].Thing, State: "over", Scan: "b", Started: day.Add(time.Hour)}}
		for _, told := range [][]Alerted{first, later, first} {
			if err := s.SaveAlerted(t.Context(), site, hook, told); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Alerted(t.Context(), site, hook)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Alerted{later[0], first[1]}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		for _, other := range [][2]string{{site, "webhook-2"}, {"https://other.test/", hook}} {
			if got, err := s.Alerted(t.Context(), other[0], other[1]); err != nil || len(got) > 0 {
				t.Errorf("%v: %v, %v", other, got, err)
			}
		}
	})
}
