package purpose_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/audit/purpose"
	"cookieaudit/crawler/evidence"
)

const site = "example.org"

func scanOf(cs ...evidence.Cookie) *evidence.Scan {
	return &evidence.Scan{Site: evidence.Site{URL: "https://www.example.org/", Host: "www.example.org", Domain: site}, Cookies: cs}
}

// first is a cookie of the visited site, written by a script (or, where script
// is empty, by its server).
func first(name, script string, initiators ...string) evidence.Cookie {
	w := evidence.Write{
		Phase: evidence.Before, Mechanism: evidence.DocumentCookie, Frame: "https://www.example.org/",
		URL: "https://www.example.org/", Host: "www.example.org", Script: script, Initiators: initiators,
		Value: evidence.Value{SHA256: "a", Length: 20},
	}
	if script == "" {
		w.Mechanism = evidence.HTTP
	}
	return evidence.Cookie{
		CookieKey: evidence.CookieKey{Name: name, Domain: site, Path: "/"}, Site: site, Party: evidence.First,
		Phases: []evidence.Phase{evidence.Before}, Stored: true, Writes: []evidence.Write{w}, Value: w.Value,
	}
}

// third is a cookie that another's server set.
func third(name, domain string) evidence.Cookie {
	w := evidence.Write{
		Phase: evidence.Before, Mechanism: evidence.HTTP, Frame: "https://www.example.org/",
		URL: "https://" + domain + "/x", Host: domain, Value: evidence.Value{SHA256: "a", Length: 20},
	}
	return evidence.Cookie{
		CookieKey: evidence.CookieKey{Name: name, Domain: domain, Path: "/"}, Site: domain, Party: evidence.Third,
		Phases: []evidence.Phase{evidence.Before}, Stored: true, Writes: []evidence.Write{w}, Value: w.Value,
	}
}

func classifier(t *testing.T, extra ...string) *purpose.Classifier {
	t.Helper()
	var data [][]byte
	for _, e := range extra {
		data = append(data, []byte(e))
	}
	c, err := purpose.New(data...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWellKnownCookies(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	own, matomo := "", "https://cdn.matomo.cloud/m.js"
	tests := []struct {
		cookie   evidence.Cookie
		category evidence.Category
		exempt   bool
		atLeast  float64 // how sure it is that it needs consent, or does not
	}{
		{first("HACIVICLB", own), evidence.Necessary, true, 0.9},
		{first("HAAPPLB", own), evidence.Necessary, true, 0.9},
		{first("JSESSIONID", own), evidence.Necessary, true, 0.9},
		{first("civicAllowCookies", own), evidence.Necessary, true, 0.9},
		{first("civicShowCookieIcon", own), evidence.Necessary, true, 0.9},
		{first("__utma", "https://www.google-analytics.com/ga.js"), evidence.Analytics, false, 0.97},
		{first("__utmb", own), evidence.Analytics, false, 0.9},
		{first("__utmc", own), evidence.Analytics, false, 0.9},
		{first("__utmz", own), evidence.Analytics, false, 0.9},
		{first("_pk_id.7.1fff", matomo), evidence.Analytics, false, 0.97},
		{first("_pk_ses.7.1fff", own), evidence.Analytics, false, 0.9},
		{third("PIWIK_SESSID", "stats.example.net"), evidence.Analytics, false, 0.7},
		{third("k", "twitter.com"), evidence.Marketing, false, 0.9},
		{third("guest_id", "twitter.com"), evidence.Marketing, false, 0.9},
		{first("request_token", own), evidence.Necessary, true, 0.9},
		{first("wcn_status", own), evidence.Necessary, true, 0.9},
		{first("wcn_session", own), evidence.Necessary, true, 0.9},
		{first("cookieconsent_status", own), evidence.Necessary, true, 0.9},
		{first("civocracy:session", own), evidence.Necessary, true, 0.9},
		{first("locale", own), evidence.Functional, true, 0.4},
		{first("questionnaireCompleted_12", own), evidence.Functional, false, 0.9},
		{first("questionnairewait_12", own), evidence.Functional, false, 0.9},
		{first("nofollow_3", own), evidence.Functional, false, 0.9},
		{first("PHPSESSID", own), evidence.Necessary, true, 0.9},
		{third("ZD-buid", "zendesk.com"), evidence.Analytics, false, 0.80},
		{third("ZD-suid", "zendesk.com"), evidence.Analytics, false, 0.80},
		{third("ZD-store", "zendesk.com"), evidence.Functional, false, 0.9},
		{third("__cfruid", "zendesk.com"), evidence.Necessary, true, 0.9},
		{first("AWSALBCORS", own), evidence.Necessary, true, 0.9},
		{third("IDE", "doubleclick.net"), evidence.Marketing, false, 0.97},
		{third("test_cookie", "doubleclick.net"), evidence.Marketing, false, 0.97},
		{third("VISITOR_INFO1_LIVE", "youtube.com"), evidence.Marketing, false, 0.80},
		{third("YSC", "youtube.com"), evidence.Marketing, false, 0.80},
		{first("XSRF-TOKEN", own), evidence.Necessary, true, 0.9},
		{first("svSession", own), evidence.Necessary, true, 0.9},
		{first("SSR-caching", own), evidence.Necessary, true, 0.9},
		{first("_wixCIDX", own), evidence.Functional, false, 0.80},
		{first("_wixUIDX", own), evidence.Functional, false, 0.80},
		{first("_wix_browser_sess", own), evidence.Functional, false, 0.80},
		{first("consent-policy", own), evidence.Necessary, true, 0.9},
		{first("smSession", own), evidence.Necessary, true, 0.9},
		{first("TS01a2b3c4", own), evidence.Necessary, true, 0.9},
		{first("TSa2b3c4d5", own), evidence.Necessary, true, 0.4},
		{first("bSession", own), evidence.Functional, false, 0.80},
		{first("fedops.logger.sessionId", own), evidence.Functional, false, 0.80},
		{first("wixLanguage", own), evidence.Functional, true, 0.9},
		{first("_ga", "https://www.googletagmanager.com/gtag/js?id=G-1"), evidence.Analytics, false, 0.9},
		{first("_ga_ABC123", own), evidence.Analytics, false, 0.9},
		{first("_gid", own), evidence.Analytics, false, 0.9},
		{first("_gat_gtag_UA_152851170_1", own), evidence.Analytics, false, 0.9},
		{first("_fbp", "https://connect.facebook.net/en_US/fbevents.js"), evidence.Marketing, false, 0.97},
		{first("_gcl_au", own), evidence.Marketing, false, 0.9},
		{first("_uetsid", "https://bat.bing.com/bat.js"), evidence.Marketing, false, 0.97},
		{first("_hjSessionUser_123", own), evidence.Analytics, false, 0.9},
		{first("_hjTLDTest", "https://static.hotjar.com/c/hotjar.js"), evidence.Necessary, true, 0.9},
		{first("li_sugr", own), evidence.Marketing, false, 0.9},
		{third("bcookie", "linkedin.com"), evidence.Marketing, false, 0.80},
		{third("li_gc", "linkedin.com"), evidence.Necessary, true, 0.9},
		{third("MUID", "bing.com"), evidence.Marketing, false, 0.9},
		{third("NID", "google.com"), evidence.Marketing, false, 0.80},
		{third("CONSENT", "youtube.com"), evidence.Necessary, true, 0.9},
		{first("__stripe_mid", "https://js.stripe.com/v3/"), evidence.Necessary, true, 0.9},
		{first("OptanonConsent", "https://cdn.cookielaw.org/x.js"), evidence.Necessary, true, 0.9},
		{first("cmplz_marketing", own), evidence.Necessary, true, 0.9},
		{first("mp_6d7c50_mixpanel", own), evidence.Analytics, false, 0.9},
	}
	for _, tt := range tests {
		got := c.Cookie(scanOf(tt.cookie), &tt.cookie)
		if got.Category != tt.category || got.Exempt != tt.exempt || got.ExemptConfidence < tt.atLeast || got.ExemptConfidence > 1 {
			t.Errorf("%s on %s: %s exempt=%v %.2f, want %s exempt=%v at least %.2f\n%s", tt.cookie.Name, tt.cookie.Domain,
				got.Category, got.Exempt, got.ExemptConfidence, tt.category, tt.exempt, tt.atLeast, strings.Join(got.Basis, "\n"))
		}
		if got.Confidence > got.ExemptConfidence || len(got.Also) > 0 && got.Confidence >= 0.7 {
			t.Errorf("%s: category %.2f, exempt %.2f, also %v", tt.cookie.Name, got.Confidence, got.ExemptConfidence, got.Also)
		}
		if len(got.Basis) == 0 {
			t.Errorf("%s: no basis", tt.cookie.Name)
		}
	}
}

// What public sources file differently is not known well in any one class; that
// it needs consent, or does not, may be.
func TestContested(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	tests := []struct {
		name, host string
		category   evidence.Category
		also       []evidence.Category
		exempt     bool
		sure       float64
	}{
		{"cookie_consent", "", evidence.Necessary, []evidence.Category{evidence.Functional}, true, 0.92},
		{"__cf_bm", "", evidence.Necessary, []evidence.Category{evidence.Functional}, true, 0.92},
		{"hubspotutk", "", evidence.Analytics, []evidence.Category{evidence.Marketing}, false, 0.92},
		{"MUID", "bing.com", evidence.Marketing, []evidence.Category{evidence.Analytics}, false, 0.99},
		// The public database calls it marketing.
		{"amplitude_id", "", evidence.Analytics, []evidence.Category{evidence.Marketing}, false, 0.92},
		// Some hold it for no tracker at all, so that consent is less sure too.
		{"bcookie", "linkedin.com", evidence.Marketing, []evidence.Category{evidence.Functional}, false, 0.80},
		{"_dd_s", "", evidence.Analytics, []evidence.Category{evidence.Necessary, evidence.Functional}, false, 0.80},
		// A manager that has a class for what is necessary files its record there.
		{"OptanonConsent", "", evidence.Necessary, nil, true, 0.92},
	}
	for _, tt := range tests {
		got := c.Named(tt.name, tt.host, site)
		if got.Category != tt.category || got.Exempt != tt.exempt || got.ExemptConfidence != tt.sure || !cmp.Equal(got.Also, tt.also) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if contested := got.Confidence < 0.7; contested != (tt.also != nil) {
			t.Errorf("%s: confidence %.2f", tt.name, got.Confidence)
		}
		if got.ProviderConfidence != 0 && got.ProviderConfidence < 0.8 {
			t.Errorf("%s: its provider is known: %+v", tt.name, got)
		}
		if !got.Exempt && !got.NonExempt() {
			t.Errorf("%s: a real tracker is lost: %+v", tt.name, got)
		}
	}
}

func TestYouTubeStorageKeys(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	tests := []struct {
		key  string
		want evidence.Category
	}{
		{"yt.innertube::nextid", evidence.Analytics},
		{"yt.innertube::requests", evidence.Analytics},
		{"yt-remote-device-id", evidence.Functional},
		{"yt-remote-session-app", evidence.Functional},
		{"yt-remote-connected-devices", evidence.Functional},
		{"made-up", evidence.Marketing}, // all that is known is whose origin it is
	}
	for _, tt := range tests {
		it := &evidence.StorageItem{Kind: evidence.KindLocalStorage, Origin: "https://www.youtube.com", Key: tt.key, Site: "youtube.com", Party: evidence.Third}
		got := c.Storage(scanOf(), it)
		if got.Category != tt.want || got.Exempt || got.Provider != "YouTube" {
			t.Errorf("%s: %+v, want %s of YouTube", tt.key, got, tt.want)
		}
	}
}

// The same name means different things on different domains.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	unknown := evidence.UnknownCategory
	tests := []struct {
		name   string
		cookie evidence.Cookie
		want   evidence.Category
	}{
		{"Facebook's fr", third("fr", "facebook.com"), evidence.Marketing},
		{"a site's own fr", first("fr", ""), unknown},
		{"DoubleClick's IDE", third("IDE", "doubleclick.net"), evidence.Marketing},
		{"a site's own IDE", first("IDE", ""), unknown},
		{"an unknown host's IDE", third("IDE", "ide.example.net"), unknown},
		{"Facebook's locale", third("locale", "facebook.com"), evidence.Marketing},
		{"a site's own locale", first("locale", ""), evidence.Functional},
		{"Stripe's m", third("m", "m.stripe.com"), evidence.Necessary},
		{"a site's own m", first("m", ""), unknown},
		{"YouTube's PREF", third("PREF", "youtube.com"), evidence.Functional},
		{"a site's own PREF", first("PREF", ""), unknown},
		{"Twitter's k", third("k", "twitter.com"), evidence.Marketing},
		{"a site's own k", first("k", ""), unknown},
		{"Adform's uid", third("uid", "track.adform.net"), evidence.Marketing},
		{"a site's own uid", first("uid", ""), unknown},
		{"LinkedIn's lang", third("lang", "linkedin.com"), evidence.Functional},
		{"an advertiser's session", third("session", "adnxs.com"), evidence.Marketing},
		{"a site's own session", first("session", ""), evidence.Necessary},
		{"an unknown host's script's session", first("session", "https://widgets.example.net/w.js"), unknown},
		{"an unknown host's session", third("session", "widgets.example.net"), unknown},
		{"a site's own PHPSESSID", first("PHPSESSID", ""), evidence.Necessary},
		{"an advertiser's PHPSESSID", third("PHPSESSID", "adnxs.com"), evidence.Marketing},
		{"Shopify's _s with nothing else of Shopify", first("_s", ""), evidence.Analytics},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := c.Cookie(scanOf(tt.cookie), &tt.cookie)
			if got.Category != tt.want {
				t.Errorf("%s %.2f, want %s\n%s", got.Category, got.Confidence, tt.want, strings.Join(got.Basis, "\n"))
			}
		})
	}
}

func TestWhoWroteCounts(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	gtm := "https://www.googletagmanager.com/gtm.js?id=GTM-1"
	pixel := "https://static.hotjar.com/c/hotjar.js"
	through := first("made_up_1", gtm)
	through.Writes[0].Stack = []evidence.Call{{URL: gtm}, {URL: pixel}}
	lib := first("made_up_2", "https://cdn.jsdelivr.net/npm/js-cookie")
	lib.Writes[0].Stack = []evidence.Call{{URL: "https://cdn.jsdelivr.net/npm/js-cookie"}, {URL: "https://www.example.org/main.js"}, {URL: pixel}}
	refused := first("made_up_3", pixel)
	refused.Writes[0].Blocked = []string{"UserPreferences"}
	tests := []struct {
		name     string
		cookie   evidence.Cookie
		category evidence.Category
		provider string
	}{
		{"a tracker's script", first("made_up", pixel), evidence.Analytics, "Hotjar"},
		{"a tracker behind a tag manager", through, evidence.Analytics, "Hotjar"},
		{"a tag manager alone", first("made_up", gtm), evidence.UnknownCategory, ""},
		{"the site's code with a library", lib, evidence.UnknownCategory, ""},
		{"the site's server", first("made_up", ""), evidence.UnknownCategory, ""},
		{"a refused write says nothing", refused, evidence.UnknownCategory, ""},
		{"a tracker that borrows a common name", first("lang", pixel), evidence.Analytics, "Matched below"},
		{"a tracker's domain", third("made_up", "ib.adnxs.com"), evidence.Marketing, "Xandr"},
		{"a consent manager's domain", third("made_up", "cdn.cookielaw.org"), evidence.Necessary, "OneTrust"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := c.Cookie(scanOf(tt.cookie), &tt.cookie)
			if got.Category != tt.category {
				t.Errorf("%s %.2f, want %s: %q", got.Category, got.Confidence, tt.category, got.Basis)
			}
			if tt.provider != "Matched below" && got.Provider != tt.provider {
				t.Errorf("provider %q, want %q", got.Provider, tt.provider)
			}
		})
	}
	chat := &evidence.StorageItem{Key: "session", Origin: "https://widget.intercom.io", Site: "intercom.io", Party: evidence.Third}
	if got := c.Storage(scanOf(), chat); got.Category != evidence.Functional || got.Exempt || !got.NeedsReview {
		t.Errorf("a third party's common key follows whose it is: %+v", got)
	}
	borrowed := first("lang", pixel)
	if got := c.Cookie(scanOf(borrowed), &borrowed); got.Exempt || !got.NeedsReview || got.NonExempt() {
		t.Errorf("sources that disagree must ask for review and stay below 0.7: %+v", got)
	}
}

func TestPlatformCorroboratesAWeakName(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	hs, sv := first("hs", ""), first("svSession", "")
	alone, beside := c.Cookie(scanOf(hs), &hs), c.Cookie(scanOf(hs, sv), &hs)
	if alone.Confidence >= 0.7 || beside.Confidence < 0.7 || beside.Provider != "Wix" || !beside.Exempt {
		t.Errorf("alone %+v\nbeside svSession %+v", alone, beside)
	}
}

func TestRecordNudgesConfidence(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	year := int64(365 * 86400)
	tracker := third("made_up", "ib.adnxs.com")
	plain := c.Cookie(scanOf(tracker), &tracker)
	tracker.Requested = &year
	tracker.Writes[0].Value.Tokens = []string{"one visitor"}
	tracker.Writes = append(tracker.Writes, evidence.Write{Phase: evidence.Reject, Value: evidence.Value{SHA256: "b", Length: 20, Tokens: []string{"another"}}})
	if got := c.Cookie(scanOf(tracker), &tracker); got.Confidence <= plain.Confidence {
		t.Errorf("an identifier that lasts: %.2f, before %.2f", got.Confidence, plain.Confidence)
	}
	tracker.Writes[1].Value.Tokens = []string{"one visitor"}
	if got := c.Cookie(scanOf(tracker), &tracker); got.Confidence != plain.Confidence {
		t.Errorf("what is the same for all identifies nobody: %.2f", got.Confidence)
	}
	sess := first("shop_session", "")
	plain = c.Cookie(scanOf(sess), &sess)
	sess.Session, sess.HTTPOnly = true, true
	if got := c.Cookie(scanOf(sess), &sess); got.Confidence <= plain.Confidence || !got.Exempt {
		t.Errorf("a server's session cookie: %+v, before %+v", got, plain)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	tests := []struct {
		name   string
		want   evidence.Category
		exempt bool
	}{
		{"shop_session", evidence.Necessary, true},
		{"shopSessionId", evidence.Necessary, true},
		{"MYAPPSESSID", evidence.Necessary, true},
		{"my-csrf-token", evidence.Necessary, true},
		{"site_cookie_consent", evidence.Necessary, true},
		{"shop-cookie-accepted", evidence.Necessary, true},
		{"APP_USER_AUTH", evidence.Necessary, true},
		{"cart_contents", evidence.Necessary, true},
		{"author", evidence.UnknownCategory, false},
		{"ui_language", evidence.Functional, true},
		{"visitor_id", evidence.UnknownCategory, false},
		{"session_uuid", evidence.UnknownCategory, false},
		{"obsession", evidence.UnknownCategory, false},
		{"slang", evidence.UnknownCategory, false},
		{"x", evidence.UnknownCategory, false},
		{"", evidence.UnknownCategory, false},
	}
	for _, tt := range tests {
		k := first(tt.name, "")
		got := c.Cookie(scanOf(k), &k)
		if got.Category != tt.want || got.Exempt != tt.exempt || got.Confidence >= 0.7 {
			t.Errorf("%q: %+v, want %s exempt=%v and less than likely", tt.name, got, tt.want, tt.exempt)
		}
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	c := classifier(t, `rows: [{host: kite.test, provider: Kite, category: analytics}]`)
	tests := []struct {
		host     string
		category evidence.Category
		provider string
	}{
		{"www.google-analytics.com", evidence.Analytics, "Google Analytics"},
		{"stats.g.doubleclick.net", evidence.Analytics, "Google Analytics"},
		{"ad.doubleclick.net", evidence.Marketing, "DoubleClick"},
		{"www.googletagmanager.com", evidence.UnknownCategory, "Google Tag Manager"},
		{"cdn.jsdelivr.net", evidence.UnknownCategory, "jsDelivr"},
		{"notdoubleclick.net", evidence.UnknownCategory, ""},
		{"t.kite.test", evidence.Analytics, "Kite"},
		{"", evidence.UnknownCategory, ""},
	}
	for _, tt := range tests {
		got := c.Request(scanOf(), &evidence.Request{Host: tt.host, Party: evidence.Third})
		if got.Category != tt.category || got.Provider != tt.provider {
			t.Errorf("%s: %s of %q, want %s of %q", tt.host, got.Category, got.Provider, tt.category, tt.provider)
		}
	}
}

// What the site declares must never reach a judgement: else a wrong label
// could not be found.
func TestDeclaredCategoryIsNoInput(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	k := first("_ga", "")
	scan := scanOf(k)
	want := c.Cookie(scan, &k)
	scan.Declarations = []evidence.Declaration{{Name: "_ga", Category: evidence.Necessary}}
	if diff := cmp.Diff(want, c.Cookie(scan, &k)); diff != "" {
		t.Error(diff)
	}
}

func FuzzCookie(f *testing.F) {
	c, err := purpose.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("_ga", "example.org", "https://a.test/x.js")
	f.Add("sess\x00Ünï", "..", "::%")
	f.Fuzz(func(t *testing.T, name, domain, script string) {
		k := first(name, script)
		k.Domain = domain
		var p audit.Purpose = c.Cookie(scanOf(k), &k)
		if p.Confidence < 0 || p.Confidence > 1 || p.Category == "" {
			t.Errorf("%+v", p)
		}
		if p.Exempt && p.Confidence < 0.4 {
			t.Errorf("exempt without evidence: %+v", p)
		}
	})
}
