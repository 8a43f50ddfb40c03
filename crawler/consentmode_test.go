package crawler

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

func TestConsentMode(t *testing.T) {
	t.Parallel()
	const first, second = "https://www.mill.test/", "https://www.mill.test/two"
	hit := "https://region1.google-analytics.test/g/collect?v=2&gcs="
	v := &evidence.Visit{
		Pages: []evidence.Page{{URL: first}, {URL: second, AtMS: 9000}, {URL: first, AtMS: 20000}},
		Signals: []evidence.Signal{
			{Kind: evidence.SignalConsentMode, Source: evidence.FromDataLayer, Page: first, AtMS: 500, ConsentMode: &evidence.ConsentMode{Command: "default"}},
			{Kind: evidence.SignalRecord, Page: first, AtMS: 3000},
		},
	}
	consentMode(v, []evidence.Request{
		{Page: first, Host: "tags.mill.test", URL: "https://tags.mill.test/metrics/gtag/js?id=G-1", AtMS: 300},
		{Page: first, Host: "g", URL: hit + "G100", AtMS: 700},
		{Page: first, Host: "g", URL: hit + "G100&again", AtMS: 800},
		{Page: first, Host: "g", URL: hit + "G111", AtMS: 4000, AfterAnswer: true},
		{Page: second, Host: "g", URL: hit + "G111", AtMS: 9500, AfterAnswer: true},
		{Page: first, Host: "h", URL: hit + "G111", AtMS: 20100, AfterAnswer: true},
		{Page: first, Host: "cdn", URL: "https://cdn.test/app.js", AtMS: 100},
	})
	type fact struct {
		At, Page int64
		Raw      string
		After    bool
		Tag, Hit int64
	}
	var got []fact
	for _, s := range v.Signals {
		f := fact{At: s.AtMS, Page: s.PageMS, Raw: s.Raw, After: s.AfterAnswer}
		if m := s.ConsentMode; m != nil {
			if m.FirstTagMS != nil {
				f.Tag = *m.FirstTagMS
			}
			if m.FirstHitMS != nil {
				f.Hit = *m.FirstHitMS
			}
		}
		got = append(got, f)
	}
	want := []fact{
		{500, 0, "", false, 300, 700},
		{700, 700, "gcs=G100", false, 300, 700},
		{3000, 0, "", false, 0, 0},
		{4000, 4000, "gcs=G111", true, 300, 700},
		{9500, 500, "gcs=G111", true, 0, 9500},
		{20100, 100, "gcs=G111", true, 0, 20100},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
}
