package consent

import (
	"context"
	_ "embed"
	"encoding/json"
	"math"
	"strconv"

	"cookieaudit/crawler/evidence"
)

//go:embed facts.js
var factsJS string

//go:embed scroll.js
var scrollJS string

// A place is what facts.js measured of a control.
type place struct {
	X          int     `json:"x"`
	Y          int     `json:"y"`
	Size       float64 `json:"size"`
	Weight     int     `json:"weight"`
	Color      string  `json:"color"`
	Background string  `json:"background"`
}

// measure takes the places of a layer's controls and the window's size. What
// cannot be measured stays unknown: it is never a reason to fail.
func (f *found) measure(ctx context.Context) {
	targets := make([]target, len(f.Controls))
	for i := range f.Controls {
		targets[i].Path = f.Controls[i].Path
	}
	list, err := json.Marshal(targets)
	if err != nil {
		return
	}
	var got struct {
		Places []*place `json:"places"`
		Width  int      `json:"width"`
		Height int      `json:"height"`
	}
	if eval(ctx, f.frame.Eval, factsJS+"("+string(list)+")", &got) != nil || len(got.Places) != len(f.Controls) {
		return
	}
	f.places, f.viewWidth, f.viewHeight = got.Places, got.Width, got.Height
}

// scrollLocked reports whether the page behind a banner is kept from scrolling;
// nil where that could not be seen.
func scrollLocked(ctx context.Context, p Page) *bool {
	for _, f := range p.Frames() {
		var locked *bool
		if f.Top() && eval(ctx, f.Eval, scrollJS, &locked) == nil {
			return locked
		}
	}
	return nil
}

// look adds what was measured of a control.
func (f *found) look(i int, c *evidence.BannerControl) {
	if i >= len(f.places) || f.places[i] == nil {
		return
	}
	p := f.places[i]
	c.X, c.Y, c.FontSize, c.FontWeight = &p.X, &p.Y, p.Size, p.Weight
	if ratio, ok := contrast(p.Color, p.Background); ok {
		c.Contrast, c.Color, c.Background = &ratio, p.Color, p.Background
	}
}

// contrast is the contrast ratio of two colours, "#rrggbb", to two digits (WCAG
// 2.2, "contrast ratio").
func contrast(a, b string) (float64, bool) {
	x, okX := luminance(a)
	y, okY := luminance(b)
	if !okX || !okY {
		return 0, false
	}
	ratio := (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
	return math.Round(ratio*100) / 100, true
}

// luminance is the relative luminance of a colour (WCAG 2.2, "relative
// luminance").
func luminance(hex string) (float64, bool) {
	if len(hex) != 7 || hex[0] != '#' {
		return 0, false
	}
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return 0, false
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(n>>(16-8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum, true
}

// box joins the banner's box out of what the probe measured; nil where it has
// none of its own.
func (f *found) box() *evidence.Box {
	if f.Width == 0 || f.Height == 0 {
		return nil
	}
	return &evidence.Box{X: f.X, Y: f.Y, Width: f.Width, Height: f.Height}
}
