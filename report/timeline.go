package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"cookieaudit/crawler/evidence"
)

// Sizes of a timeline in units of its view box.
const (
	timelineWidth = 900
	timelineLeft  = 100
	timelineRight = 880
	timelineTop   = 18
	markStep      = 10 // distance of marks that fall on the same moment
	maxStack      = 12 // marks above each other before they overlap
)

// timeline is the chart of one phase: each write at its moment, one lane for
// each party and one for other storage.
type timeline struct {
	Title, Text, None         string
	Width, Height             int
	Left, Right               int
	Bottom, TickEnd, TickText int
	Lanes                     []lane
	Ticks                     []tick
	Pages                     []tick
	Answer                    *tick
	Marks                     []mark
}

type lane struct {
	Label string
	Y     int
}

type tick struct {
	X             string
	Label, Anchor string
}

type mark struct {
	X        string
	Y        int
	Category evidence.Category
	Refused  bool
	Text     string
}

// event is one write that a timeline shows.
type event struct {
	at       int64
	lane     int
	category evidence.Category
	refused  bool
	text     string
}

func laneNames() []string { return []string{"First party", "Third party", "Other storage"} }

// newTimelines draws every phase on the same scale, so that they compare.
func newTimelines(r *Report) []timeline {
	end := int64(1000)
	events := make([][]event, len(r.Phases))
	for i, p := range r.Phases {
		events[i] = phaseEvents(r, p.Phase)
		for _, e := range events[i] {
			end = max(end, e.at)
		}
		if p.Consent.AtMS != nil {
			end = max(end, *p.Consent.AtMS)
		}
	}
	var out []timeline
	for i, p := range r.Phases {
		out = append(out, newTimeline(r, p, events[i], end))
	}
	return out
}

func newTimeline(r *Report, p Phase, events []event, end int64) timeline {
	t := timeline{
		Title: fmt.Sprintf("Visit %q: %s", p.Phase, answerText(p.Consent.Result)), Width: timelineWidth, Left: timelineLeft, Right: timelineRight,
		None: "No write was seen.",
		Text: fmt.Sprintf("Timeline of %s %s", Plural(len(events), "write"), phaseText(p.Phase)),
	}
	if p.Outcome == evidence.Unavailable {
		t.Title = fmt.Sprintf("Visit %q: not looked at", p.Phase)
	}
	if !r.Coverage.phase(p.Phase).AbsenceProven {
		t.None = "No write was seen in what could be looked at: " + cmp.Or(prose(p.Why), prose(p.Consent.Why), "no reason was recorded") + "."
	}
	x := func(ms int64) float64 {
		return timelineLeft + float64(timelineRight-timelineLeft)*float64(min(max(ms, 0), end))/float64(end)
	}
	t.place(events, x)
	t.axis(end, x)
	for _, pg := range p.Pages {
		if pg.AtMS > 0 && pg.AtMS < end {
			t.Pages = append(t.Pages, tick{X: coordinate(x(pg.AtMS))})
		}
	}
	if ms := p.Consent.AtMS; ms != nil {
		did := "answer"
		if p.Phase == evidence.Close {
			did = "closing"
		}
		t.Answer = &tick{X: coordinate(x(*ms)), Label: did + " " + moment(*ms), Anchor: "middle"}
		if x(*ms) > timelineRight-60 {
			t.Answer.Anchor = "end"
		}
		t.Text += fmt.Sprintf(", %s at %s", did, moment(*ms))
	}
	return t
}

// place sets the marks above the line of their lane, stacked where they meet.
func (t *timeline) place(events []event, x func(int64) float64) {
	type cell struct{ lane, column int }
	stacked := map[cell]int{}
	levels, heights := make([]int, len(events)), make([]int, len(laneNames()))
	for i, e := range events {
		c := cell{e.lane, int(x(e.at)) / markStep}
		levels[i] = min(stacked[c], maxStack-1)
		stacked[c]++
		heights[e.lane] = max(heights[e.lane], levels[i]+1)
	}
	y := timelineTop
	for i, name := range laneNames() {
		y += max(heights[i], 1)*markStep + 12
		t.Lanes = append(t.Lanes, lane{Label: name, Y: y})
	}
	for i, e := range events {
		t.Marks = append(t.Marks, mark{
			X: coordinate(x(e.at)), Y: t.Lanes[e.lane].Y - 6 - levels[i]*markStep, Category: e.category, Refused: e.refused, Text: e.text,
		})
	}
	t.Bottom = y + 6
	t.TickEnd, t.TickText, t.Height = t.Bottom+5, t.Bottom+17, t.Bottom+22
}

// axis sets up to ten ticks at round times: 1, 2 or 5 times a power of ten.
func (t *timeline) axis(end int64, x func(int64) float64) {
	step := int64(math.Pow(10, math.Floor(math.Log10(float64(end)/10))))
	for _, f := range []int64{1, 2, 5, 10} {
		if end/(f*step) <= 10 {
			step *= f
			break
		}
	}
	for ms := int64(0); ms <= end; ms += step {
		t.Ticks = append(t.Ticks, tick{X: coordinate(x(ms)), Label: fmt.Sprintf("%g s", float64(ms)/1000)})
	}
}

func coordinate(x float64) string { return fmt.Sprintf("%.1f", x) }

func phaseEvents(r *Report, p evidence.Phase) []event {
	var out []event
	for i := range r.Cookies {
		c := &r.Cookies[i]
		l := 0
		if c.Party == evidence.Third {
			l = 1
		}
		for _, w := range c.Writes {
			if w.Phase == p && w.Mechanism != evidence.Unknown {
				out = append(out, event{w.AtMS, l, c.Category, len(w.Blocked) > 0, eventText(c.Name, c.Domain, w.AtMS, string(w.Mechanism))})
			}
		}
	}
	for i := range r.Storage {
		s := &r.Storage[i]
		for _, w := range s.Writes {
			if w.Phase == p {
				out = append(out, event{w.AtMS, 2, s.Category, false, eventText(s.Key, s.Origin, w.AtMS, string(s.Kind))})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b event) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.lane, b.lane)) })
	return out
}

func eventText(name, where string, ms int64, how string) string {
	return fmt.Sprintf("%s, %s, %s, %s", moment(ms), clip(identifier(name), pageName), clip(identifier(where), pageName), identifier(how))
}

// writeRow is one row of the table that says what the timelines show.
type writeRow struct {
	Phase       evidence.Phase
	AtMS        int64
	Time        string
	AfterAnswer bool
	Name, Where string
	How, Raw    string
	Blocked     []string
}

func allWrites(r *Report) []writeRow {
	var rows []writeRow
	for i := range r.Cookies {
		c := &r.Cookies[i]
		for _, w := range c.Writes {
			row := writeRow{w.Phase, w.AtMS, moment(w.AtMS), w.AfterAnswer, c.Name, c.Domain, string(w.Mechanism), w.Raw, w.Blocked}
			if w.Mechanism == evidence.Unknown {
				row.Time = "not seen"
			}
			rows = append(rows, row)
		}
	}
	for i := range r.Storage {
		s := &r.Storage[i]
		for _, w := range s.Writes {
			rows = append(rows, writeRow{w.Phase, w.AtMS, moment(w.AtMS), w.AfterAnswer, s.Key, s.Origin, string(s.Kind), "", nil})
		}
	}
	slices.SortStableFunc(rows, func(a, b writeRow) int {
		return cmp.Or(cmp.Compare(phaseRank(a.Phase), phaseRank(b.Phase)), cmp.Compare(a.AtMS, b.AtMS), cmp.Compare(a.Name, b.Name))
	})
	return rows
}
