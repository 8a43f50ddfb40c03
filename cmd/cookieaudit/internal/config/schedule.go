package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"go.yaml.in/yaml/v3"
)

// A Schedule says when sites are scanned. Its times are slots: a run belongs to
// one, however late it comes.
type Schedule struct {
	Name string
	Cron string // as written
	Zone *time.Location
	// Jitter spreads the sites of a slot: each begins at its own time, the same
	// in every slot, at most this long after it.
	Jitter time.Duration

	spec cron.Schedule
}

// NewSchedule reads five fields of cron (minute, hour, day of month, month, day
// of week) or @hourly, @daily, @weekly, @monthly, @yearly, in a time zone of the
// IANA list.
func NewSchedule(name, spec, zone string, jitter time.Duration) (Schedule, error) {
	s := Schedule{Name: name, Cron: spec, Jitter: jitter}
	var err error
	if s.spec, err = parseCron(spec); err != nil {
		return s, err
	}
	if s.Zone, err = parseZone(zone); err != nil {
		return s, err
	}
	first := s.Next(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
	if first.IsZero() {
		return s, fmt.Errorf("cron %q never comes: there is no such day", spec)
	}
	return s, nil
}

func parseCron(spec string) (cron.Schedule, error) {
	const example = "write five fields, minute hour day month weekday, such as '30 2 * * 1' (Mondays at 2:30), or @hourly, @daily, @weekly, @monthly, @yearly"
	if strings.Contains(spec, "TZ=") {
		return nil, fmt.Errorf("cron %q: write the time zone as zone", clip(spec))
	}
	// Its first run would depend on when the program was started.
	if strings.HasPrefix(spec, "@every") {
		return nil, fmt.Errorf("cron %q has no fixed times: write '0 */6 * * *' for every six hours, '*/15 * * * *' for every 15 minutes", clip(spec))
	}
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("cron %q cannot be read: %s", clip(spec), example)
	}
	return s, nil
}

var errZone = errors.New("write a name of the IANA list such as Europe/Vienna, America/New_York or UTC")

func parseZone(zone string) (*time.Location, error) {
	// Local would be another time on each machine of a fleet.
	if zone == "Local" {
		return nil, fmt.Errorf("zone %q: %w", zone, errZone)
	}
	l, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("zone %q is not known: %w", clip(zone), errZone)
	}
	return l, nil
}

// Next returns the first slot after t, in UTC; zero where there is none within
// five years. It goes by what the clock on the wall shows: a time that is
// skipped when clocks are put forward is taken an hour off, one that comes twice
// when they are put back is one slot.
func (s *Schedule) Next(t time.Time) time.Time {
	local := t.In(s.Zone)
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), time.UTC)
	// A wall clock that was just put back shows times again that have been slots.
	for wall = wall.Add(-2 * time.Hour); ; {
		if wall = s.spec.Next(wall); wall.IsZero() {
			return time.Time{}
		}
		slot := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, s.Zone).UTC()
		if slot.After(t) {
			return slot
		}
	}
}

// Latest returns the last slot at or before t; zero where there is none within
// five years.
func (s *Schedule) Latest(t time.Time) time.Time {
	// Back in growing steps until a slot is found, then forward to the last one.
	for back := time.Hour; back < 5*366*24*time.Hour; back *= 4 {
		slot := s.Next(t.Add(-back))
		if slot.IsZero() || slot.After(t) {
			continue
		}
		for {
			next := s.Next(slot)
			if next.IsZero() || next.After(t) {
				return slot
			}
			slot = next
		}
	}
	return time.Time{}
}

// scheduleName fits the names of schedules; other keys of runs hold a colon.
var scheduleName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// schedules reads a mapping of names to schedules.
func (f *file) schedules() field {
	const doc = "when sites are scanned, by name"
	return field{name: "schedules", doc: doc, value: value{
		schema: map[string]any{
			"type": "object", "propertyNames": map[string]any{"pattern": scheduleName.String()},
			"additionalProperties": objectSchema((&scheduleEntry{}).fields()),
		},
		read: func(r *reader, n *yaml.Node) {
			if !r.isKind(n, yaml.MappingNode, "schedules", "names with their cron") {
				return
			}
			for i := 0; i+1 < len(n.Content); i += 2 {
				f.readSchedule(r, n.Content[i], n.Content[i+1])
			}
		},
	}}
}

type scheduleEntry struct {
	cron, zone string
	jitter     time.Duration
}

func (e *scheduleEntry) fields() []field {
	return []field{
		required(text("cron", "five fields, or @hourly, @daily, @weekly, @monthly, @yearly", &e.cron, func(s string) error {
			_, err := parseCron(s)
			return err
		})),
		text("zone", "time zone of the IANA list; UTC where it is left out", &e.zone, func(s string) error {
			_, err := parseZone(s)
			return err
		}),
		span("jitter", "over how long the sites of one slot are spread", &e.jitter, 0),
	}
}

func (f *file) readSchedule(r *reader, key, n *yaml.Node) {
	if !scheduleName.MatchString(key.Value) {
		r.fail(key, "a schedule cannot be called %q: use small letters, digits, - and _, at most 64", clip(key.Value))
		return
	}
	if f.schedule(key.Value) != nil {
		r.fail(key, "the schedule %s is there twice", key.Value)
		return
	}
	var e scheduleEntry
	before := len(r.problems)
	r.object(n, "schedule "+key.Value, e.fields())
	s := Schedule{Name: key.Value}
	if len(r.problems) == before {
		var err error
		if s, err = NewSchedule(key.Value, e.cron, e.zone, e.jitter); err != nil {
			r.fail(n, "%v", err)
		} else if gap := s.gap(); e.jitter >= gap {
			r.fail(n, "jitter %s is as long as the time between two slots (%s): take less", e.jitter, gap)
		}
	}
	f.Schedules = append(f.Schedules, s)
}

// gap is the least time between two of the next slots.
func (s *Schedule) gap() time.Duration {
	const looked = 50
	least := 5 * 366 * 24 * time.Hour
	slot := s.Next(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
	for range looked {
		next := s.Next(slot)
		if next.IsZero() {
			break
		}
		least, slot = min(least, next.Sub(slot)), next
	}
	return least
}

func (f *file) schedule(name string) *Schedule {
	for i := range f.Schedules {
		if f.Schedules[i].Name == name {
			return &f.Schedules[i]
		}
	}
	return nil
}
