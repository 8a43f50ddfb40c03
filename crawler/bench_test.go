package crawler

import (
	"slices"
	"testing"
	"time"

	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures/banners"
)

// BenchmarkBanner tells what looking for a banner and answering it costs in real
// time beside loading the page, one page after the other: the median and the third
// quartile over the corpus, and the median of the ratio. What is promised is under
// a second without a banner, and for three quarters of the pages with one.
func BenchmarkBanner(b *testing.B) {
	cases, resolve := serveBanners(b)
	for _, kind := range kinds {
		for _, none := range []bool{true, false} {
			name := kind + map[bool]string{true: "/without", false: "/with"}[none]
			b.Run(name, func(b *testing.B) {
				c := bannerCrawler(b, kind, resolve)
				if _, err := c.Check(b.Context()); err != nil {
					b.Fatal(err)
				}
				var took []time.Duration
				var ratios []float64
				for b.Loop() {
					for i := range cases {
						if cases[i].None() != none {
							continue
						}
						a := benchAnswer(b, c, &cases[i])
						took, ratios = append(took, a.took), append(ratios, float64(a.took)/float64(a.loaded))
					}
				}
				if len(took) == 0 {
					b.Skip("no such page was chosen")
				}
				slices.Sort(took)
				slices.Sort(ratios)
				b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "median-ms")
				b.ReportMetric(float64(took[len(took)*3/4].Milliseconds()), "quartile-ms")
				b.ReportMetric(ratios[len(ratios)/2], "x-load")
			})
		}
	}
}

func benchAnswer(b *testing.B, c *Crawler, bc *banners.Case) *answered {
	b.Helper()
	a := answered{c: bc, phase: evidence.Reject, alone: true}
	if a.err = a.run(b.Context(), c); a.err != nil {
		b.Errorf("%s: %v", bc.Name, a.err)
	}
	return &a
}
