package consent

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

// A stated page says what it is told to: the answers of its interfaces, its
// storage and its cookies.
type stated struct {
	api, items string // JSON
	cookies    []StoredCookie
	now        int64
}

func (p *stated) URL() string     { return "https://www.mill.test/" }
func (p *stated) Top() bool       { return true }
func (p *stated) Frames() []Frame { return []Frame{p} }
func (p *stated) Now() int64      { return p.now }

func (p *stated) Eval(_ context.Context, expression string, out any) error {
	if expression != storageJS || p.items == "" {
		return errors.New("the document has gone")
	}
	return json.Unmarshal([]byte(p.items), out)
}

func (p *stated) EvalMain(_ context.Context, _ string, out any) error {
	return json.Unmarshal([]byte(p.api), out)
}
func (p *stated) Advance(context.Context, time.Duration) error    { return nil }
func (p *stated) Click(_ context.Context, _ string) error         { return nil }
func (p *stated) Reveal(context.Context) (int, error)             { return 0, nil }
func (p *stated) Closed() bool                                    { return false }
func (p *stated) MarkAnswer(context.Context) error                { return nil }
func (p *stated) Cookies(context.Context) ([]StoredCookie, error) { return p.cookies, nil }

const (
	denied  = "CQfDEkAQgipwAEsAHCENCOFgAAAAAAAAAACYAAAAAAAA.YAAAAAAAAAAA"
	allowed = "CQfDEkAQgipwAEsAHCENCOFsAP_gAH_gAACYJYQAYAAglgCWEAGAAIJYAAAA.YAAAAAAAAAAA"
)

// What a site states is kept once, again when it has changed, and when it is gone
// from where it could be looked for.
func TestWatch(t *testing.T) {
	t.Parallel()
	p := &stated{
		api:   `{"tcf":{"status":"cmpuishown","applies":true,"purposes":{},"text":"` + denied + `"},"gppText":"DBABLA~BVVVqqqqVh","gppApplicable":[7],"usp":"1YNN","mode":{"ad_storage":"denied"}}`,
		items: `[{"kind":"localStorage","key":"settings","value":"{\"v\":1,\"tc\":\"` + denied + `\"}"},{"kind":"localStorage","key":"theme","value":"dark"}]`,
	}
	var w Watch
	look := func(after bool) {
		p.now += 1000
		if err := w.Look(t.Context(), p, Moment{Page: "https://www.mill.test/", PageMS: 500, AfterAnswer: after}); err != nil {
			t.Fatal(err)
		}
	}
	look(false)
	look(false) // nothing new
	p.api = strings.ReplaceAll(strings.ReplaceAll(p.api, denied, allowed), "cmpuishown", "useractioncomplete")
	p.cookies = []StoredCookie{{Name: "cookie_consent", Domain: "mill.test", Value: "granted"}, {Name: "usprivacy", Domain: "mill.test", Value: "1YYN"}}
	look(true)
	p.items, p.cookies = "", p.cookies[1:] // the storage cannot be read any more, which is not "gone"
	look(true)

	type fact struct {
		Kind   evidence.SignalKind
		Source evidence.SignalSource
		Name   string
		At     int64
		Says   string
	}
	says := func(s *evidence.Signal) string {
		switch {
		case s.Gone:
			return "gone"
		case s.TCF != nil && len(s.TCF.PurposeConsents) > 0:
			return "consents " + s.TCF.Status
		case s.TCF != nil:
			return "no consents " + s.TCF.Status
		case s.GPP != nil:
			return strings.Join(s.GPP.Sections[0].OptedOut, " ")
		case s.USPrivacy != nil:
			return s.USPrivacy.OptedOut
		case s.ConsentMode != nil:
			return s.ConsentMode.Command + " " + s.ConsentMode.States["ad_storage"]
		}
		return s.Reads + s.Error
	}
	var got []fact
	for i := range w.Signals {
		s := &w.Signals[i]
		if s.AfterAnswer != (s.AtMS > 2000) || s.PageMS != s.AtMS-500 {
			t.Errorf("moment of %+v", s)
		}
		got = append(got, fact{s.Kind, s.Source, s.Name, s.AtMS, says(s)})
	}
	want := []fact{
		{evidence.SignalConsentMode, evidence.FromDataLayer, "dataLayer default", 1000, "default denied"},
		{evidence.SignalGPP, evidence.FromAPI, "__gpp", 1000, "SaleOptOut SharingOptOut TargetedAdvertisingOptOut"},
		{evidence.SignalTCF, evidence.FromAPI, "__tcfapi", 1000, "no consents cmpuishown"},
		{evidence.SignalTCF, evidence.FromLocalStorage, "settings", 1000, "no consents "},
		{evidence.SignalUSPrivacy, evidence.FromAPI, "__uspapi", 1000, "N"},
		{evidence.SignalRecord, evidence.FromCookie, "cookie_consent", 3000, "granted"},
		{evidence.SignalTCF, evidence.FromAPI, "__tcfapi", 3000, "consents useractioncomplete"},
		{evidence.SignalUSPrivacy, evidence.FromCookie, "usprivacy", 3000, "Y"},
		{evidence.SignalRecord, evidence.FromCookie, "cookie_consent", 4000, "gone"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
}

func TestCategoryOf(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]evidence.Category{
		"Analytics": evidence.Analytics, "Statistik-Cookies": evidence.Analytics, "Mesure d’audience": evidence.Analytics, "analyticsStorage": evidence.Analytics, "analytics_storage": evidence.Analytics,
		"Marketing": evidence.Marketing, "Publicité": evidence.Marketing, "Werbung": evidence.Marketing, "ad_storage": evidence.Marketing, "マーケティング": evidence.Marketing, "Реклама": evidence.Marketing,
		"Functional cookies": evidence.Functional, "Präferenzen": evidence.Functional, "Preferenze": evidence.Functional,
		"Analytics and marketing": evidence.UnknownCategory, "Strictly necessary": evidence.UnknownCategory, "": evidence.UnknownCategory, "Other": evidence.UnknownCategory,
	} {
		if got := categoryOf(label); got != want {
			t.Errorf("%q: %s, want %s", label, got, want)
		}
	}
}

func TestReopenersAreRanked(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]bool{
		"Cookie settings": true, "Cookie-Einstellungen": true, "Gérer mes cookies": true, "Einwilligung widerrufen": true, "Ustawienia cookies": true, "Do not sell or share my personal information": true, "Privacyinstellingen": true, "Evästeasetukset": true,
		"Cookie policy": false, "Datenschutzerklärung": false, "Privacy": false, "Accept cookies": false, "Subscribe": false, "Settings": false, "Cookie recipes for the whole family": false,
	} {
		r := reopener{control: control{Kind: "link", Name: label, Text: label}}
		if got := r.rank() > 0; got != want {
			t.Errorf("%q leads back: %v", label, got)
		}
	}
}
