package web

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// A chart is the score of scans over time, drawn in units of the viewBox. Scans
// without a score break the line: nothing is drawn through what is not known.
type chart struct {
	Width, Height int
	Label         string
	Lines         []string // points of polylines
	Dots          []dot
	Ticks         []tick
}

// Linked reports whether the dots lead to their scans: then the chart is more than
// a picture.
func (c chart) Linked() bool {
	return slices.ContainsFunc(c.Dots, func(d dot) bool { return d.Link != "" })
}

type dot struct {
	X, Y  string
	Class string // known, partial or unknown
	Title string
	Link  string
}

type tick struct {
	Y     string
	Text  string
	TextY string
}

// chartShape says how large a chart is, in units.
type chartShape struct {
	width, height, left, margin int
	ticks                       bool
}

func sparkShape() chartShape { return chartShape{width: 120, height: 28, left: 3, margin: 4} }

func largeShape() chartShape {
	return chartShape{width: 720, height: 200, left: 34, margin: 12, ticks: true}
}

// newChart draws points that are sorted by time at even distances: scans are made
// at even distances too, and a point can be hit however many there are of a day.
func newChart(points []Point, links []string, shape chartShape) chart {
	c := chart{Width: shape.width, Height: shape.height, Label: chartLabel(points)}
	y := func(score int) float64 {
		return float64(shape.margin) + float64(100-score)/100*float64(shape.height-2*shape.margin)
	}
	if shape.ticks {
		for _, v := range []int{0, 50, 100} {
			c.Ticks = append(c.Ticks, tick{Y: coordinate(y(v)), TextY: coordinate(y(v) + 4), Text: fmt.Sprint(v)})
		}
	}
	step := float64(shape.width-shape.left-shape.margin) / float64(max(1, len(points)-1))
	var line []string
	end := func() {
		if len(line) > 1 {
			c.Lines = append(c.Lines, strings.Join(line, " "))
		}
		line = nil
	}
	for i, p := range points {
		d := dot{X: coordinate(float64(shape.left) + float64(i)*step), Class: "known", Title: pointText(p)}
		if i < len(links) {
			d.Link = links[i]
		}
		switch {
		case p.Score == nil:
			d.Class, d.Y = "unknown", coordinate(y(0))
			end()
		default:
			d.Y = coordinate(y(*p.Score))
			if p.Outcome != evidence.Complete {
				d.Class = "partial"
			}
			line = append(line, d.X+","+d.Y)
		}
		c.Dots = append(c.Dots, d)
	}
	end()
	return c
}

func coordinate(v float64) string { return fmt.Sprintf("%.1f", v) }

func pointText(p Point) string {
	day := p.Started.UTC().Format("2006-01-02 15:04")
	switch {
	case p.Score == nil:
		return fmt.Sprintf("%s: no score, the scan is %s", day, p.Outcome)
	case p.Outcome != evidence.Complete:
		return fmt.Sprintf("%s: score %d, the scan is %s", day, *p.Score, p.Outcome)
	}
	return fmt.Sprintf("%s: score %d", day, *p.Score)
}

// chartLabel says in words what the chart shows.
func chartLabel(points []Point) string {
	var first, last *int
	without := 0
	for _, p := range points {
		if p.Score == nil {
			without++
			continue
		}
		if first == nil {
			first = p.Score
		}
		last = p.Score
	}
	switch {
	case len(points) == 0:
		return "no scans"
	case first == nil:
		return fmt.Sprintf("no score in %s", report.Plural(len(points), "scan"))
	case without > 0:
		return fmt.Sprintf("score from %d to %d in %s, %d without a score", *first, *last, report.Plural(len(points), "scan"), without)
	}
	return fmt.Sprintf("score from %d to %d in %s", *first, *last, report.Plural(len(points), "scan"))
}
