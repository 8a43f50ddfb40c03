package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/cmd/cookieaudit/internal/config"
)

func TestSlots(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, cron, zone, from string
		want                   []string
	}{
		{"daily", "30 2 * * *", "UTC", "2026-03-01T02:30:00Z", []string{"2026-03-02T02:30:00Z", "2026-03-03T02:30:00Z"}},
		{"in a zone", "30 2 * * *", "America/New_York", "2026-01-01T00:00:00Z", []string{"2026-01-01T07:30:00Z", "2026-01-02T07:30:00Z"}},
		{"mondays", "@weekly", "UTC", "2026-11-22T00:00:00Z", []string{"2026-11-29T00:00:00Z"}},
		// 2:30 does not exist on 2026-03-29 in Vienna: one run all the same.
		{"skipped hour", "30 2 * * *", "Europe/Vienna", "2026-03-28T12:00:00Z", []string{"2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"}},
		// 2:30 comes twice on 2026-10-25 in Vienna: one run.
		{"repeated hour", "30 2 * * *", "Europe/Vienna", "2026-10-24T12:00:00Z", []string{"2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"}},
		{"half hours when put forward", "*/30 * * * *", "Europe/Vienna", "2026-03-29T00:15:00Z", []string{"2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := config.NewSchedule("s", tt.cron, tt.zone, 0)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, tt.from)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range tt.want {
				at = s.Next(at)
				got = append(got, at.Format(time.RFC3339))
				if back := s.Latest(at.Add(time.Second)); !back.Equal(at) {
					t.Errorf("the latest slot at %s is %s", at, back)
				}
				if back := s.Latest(at); !back.Equal(at) {
					t.Errorf("the latest slot at %s itself is %s", at, back)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Going forward slot by slot never stops, goes back or stays, in any week of a
// year of a zone with summer time.
func TestSlotsGoForward(t *testing.T) {
	t.Parallel()
	for _, cron := range []string{"*/15 * * * *", "30 2 * * *", "0 * * * *", "59 1-3 * * 0"} {
		s, err := config.NewSchedule("s", cron, "Europe/Vienna", 0)
		if err != nil {
			t.Fatal(err)
		}
		at, end := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		for at.Before(end) {
			next := s.Next(at)
			if !next.After(at) || next.Sub(at) > 8*24*time.Hour {
				t.Fatalf("%s: after %s comes %s", cron, at, next)
			}
			at = next
		}
	}
}
