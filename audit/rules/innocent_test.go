package rules_test

import (
	"cmp"
	"fmt"
	"reflect"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/declared"
	"cookieaudit/audit/profile"
	"cookieaudit/audit/purpose"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

// An innocent site does nothing wrong; each row is one that a hasty rule would
// accuse.
type innocent struct {
	name    string
	profile string
	cookies []evidence.Cookie
	change  func(*evidence.Scan)
}

func innocents() []innocent {
	own := func(name string, seconds int64, more ...func(*evidence.Cookie)) evidence.Cookie {
		return cookie(name, "www.mill.test", seconds, append([]func(*evidence.Cookie){secured}, more...)...)
	}
	readable := func(k *evidence.Cookie) { k.HTTPOnly = false }
	stops := only(evidence.Before, evidence.Accept)
	return []innocent{
		{name: "a load balancer of a hosting company", cookies: []evidence.Cookie{own("AWSALB", 7*days, identifying), own("AWSALBCORS", 7*days, identifying)}},
		{name: "a load balancer of one's own", cookies: []evidence.Cookie{own("SERVERID", 0, identifying)}},
		{name: "an application gateway", cookies: []evidence.Cookie{own("ApplicationGatewayAffinity", 0, identifying)}},
		{name: "a session", cookies: []evidence.Cookie{own("PHPSESSID", 0, identifying)}},
		{name: "a session of an unknown framework", cookies: []evidence.Cookie{own("zq_state", 0, identifying)}},
		{name: "a log-in that remembers", cookies: []evidence.Cookie{own("remember_user_token", 365*days, identifying)}},
		{name: "a token against forgery that scripts read", cookies: []evidence.Cookie{own("XSRF-TOKEN", 0, identifying, readable)}},
		{name: "protection against bots", cookies: []evidence.Cookie{own("__cf_bm", 1800, identifying), own("cf_clearance", 365*days, identifying)}},
		{name: "the language that the visitor chose", cookies: []evidence.Cookie{own("pll_language", 365*days, readable)}},
		{name: "the appearance that the visitor chose", cookies: []evidence.Cookie{own("next-theme", 365*days, readable)}},
		{name: "a record of the choice", cookies: []evidence.Cookie{own("cookieconsent_status", 182*days, readable)}},
		{name: "a consent manager's record with its own number", cookies: []evidence.Cookie{own("CookieConsent", 182*days, readable, identifying)}},
		{name: "a shopping basket", cookies: []evidence.Cookie{own("woocommerce_cart_hash", 0, identifying)}},
		{name: "a test whether cookies work", cookies: []evidence.Cookie{own("wordpress_test_cookie", 0)}},
		{name: "a test whether storage works", change: item(evidence.KindLocalStorage, "__storage_test__", "https://www.mill.test", deletedAgain)},
		{name: "a cache of files", change: item(evidence.KindCacheStorage, "v1-assets", "https://www.mill.test")},
		{name: "a delivery network", change: request(evidence.Before, "static.fonts.test", sentCookie)},
		{name: "fonts of another host after a refusal", change: request(evidence.Reject, "static.fonts.test")},
		{name: "a tag manager that loads nothing", change: request(evidence.Before, "www.googletagmanager.com")},
		{name: "statistics after consent", cookies: []evidence.Cookie{own("_pk_id.1.2", 393*days, identifying, only(evidence.Accept), answered(2000))}},
		{name: "exempt statistics in France", profile: "fr", cookies: []evidence.Cookie{own("_pk_id.1.2", 393*days, identifying), own("_pk_ses.1.2", 1800)}},
		{name: "exempt statistics in the United Kingdom", profile: "uk", cookies: []evidence.Cookie{own("_pk_id.1.2", 393*days, identifying, stops), own("_pk_ses.1.2", 1800, stops)}},
		{name: "exempt statistics in Italy", profile: "it", cookies: []evidence.Cookie{own("_pk_id.1.2", 393*days, identifying)}},
		{name: "Laravel", cookies: []evidence.Cookie{own("mill_session", 7200, identifying), own("laravel_session", 7200, identifying), own("XSRF-TOKEN", 7200, identifying, readable)}},
		{name: "Django", cookies: []evidence.Cookie{own("csrftoken", 364*days, identifying, readable), own("sessionid", 14*days, identifying)}},
		{name: "WordPress", cookies: []evidence.Cookie{
			own("wordpress_logged_in_ab12", 14*days, identifying), own("wordpress_sec_ab12", 14*days, identifying), own("wp-settings-1", 364*days, readable), own("wordpress_test_cookie", 0, readable),
		}},
		{name: "Shopify's basket", cookies: []evidence.Cookie{
			own("cart", 14*days, identifying), own("cart_sig", 14*days, identifying), own("localization", 364*days, readable), own("_shopify_essential", 364*days, identifying),
			own("keep_alive", 1800, identifying), own("secure_customer_sig", 364*days, identifying), own("_tracking_consent", 364*days, readable),
		}},
		{name: "records of ten managers", cookies: []evidence.Cookie{
			own("OptanonConsent", 364*days, readable, identifying), own("OptanonAlertBoxClosed", 364*days, readable, identifying), own("didomi_token", 364*days, readable, identifying),
			own("_iub_cs-12345", 364*days, readable, identifying), own("cmplz_banner-status", 364*days, readable), own("borlabs-cookie", 180*days, readable, identifying),
			own("cookieyes-consent", 364*days, readable, identifying), own("klaro", 120*days, readable), own("tarteaucitron", 364*days, readable),
			own("axeptio_cookies", 180*days, readable, identifying), own("CookieScriptConsent", 30*days, readable, identifying), own("uc_settings", 364*days, readable, identifying),
		}},
		{name: "a language under a name of one's own", cookies: []evidence.Cookie{own("mill_lang", 364*days, readable), own("NEXT_LOCALE", 364*days, readable)}},
		{name: "an experiment after consent", cookies: []evidence.Cookie{own("_vwo_uuid_v2", 364*days, identifying, readable, only(evidence.Accept), answered(1500))}},
		{name: "reCAPTCHA's script on a form", change: request(evidence.Before, "www.google.com")},
		{name: "a video without cookies", change: request(evidence.Before, "www.youtube-nocookie.com")},
		{name: "a video after consent", change: request(evidence.Accept, "www.youtube.com", sentCookie)},
		{name: "Stripe at the checkout", cookies: []evidence.Cookie{own("__stripe_mid", 364*days, identifying, readable), own("__stripe_sid", 1800, identifying, readable)}, change: request(evidence.Before, "js.stripe.com")},
		{name: "fonts of others", change: func(s *evidence.Scan) {
			for _, h := range []string{"fonts.googleapis.com", "fonts.gstatic.com", "use.typekit.net", "fonts.bunny.net", "kit.fontawesome.com"} {
				request(evidence.Before, h)(s)
			}
		}},
		{name: "scripts of delivery networks", change: func(s *evidence.Scan) {
			for _, h := range []string{"cdn.jsdelivr.net", "cdnjs.cloudflare.com", "unpkg.com", "ajax.googleapis.com", "d1abcdef.cloudfront.net"} {
				request(evidence.Before, h)(s)
			}
		}},
		{name: "Matomo without cookies in France", profile: "fr", change: func(s *evidence.Scan) {
			request(evidence.Before, "stats.mill.test", func(r *evidence.Request) { r.Party = evidence.First })(s)
			request(evidence.Reject, "stats.mill.test", func(r *evidence.Request) { r.Party = evidence.First })(s)
		}},
		{name: "the state of an application for this tab", change: item(evidence.KindSessionStorage, "zq:scroll", "https://www.mill.test")},
		{name: "the visitor's choices in local storage", change: func(s *evidence.Scan) {
			item(evidence.KindLocalStorage, "theme", "https://www.mill.test", sameForAll)(s)
			item(evidence.KindLocalStorage, "i18nextLng", "https://www.mill.test", sameForAll)(s)
		}},
		{name: "a queue before the shop", cookies: []evidence.Cookie{own("QueueITAccepted-SDFrts345E-V3_mill", 86400, identifying)}},
		{name: "a protection with a long memory", cookies: []evidence.Cookie{own("datadome", 364*days, identifying, readable), own("visid_incap_123", 364*days, identifying), own("incap_ses_1_123", 0, identifying)}},
	}
}

func TestInnocentSites(t *testing.T) {
	t.Parallel()
	c, err := purpose.New([]byte(knowledge))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range innocents() {
		t.Run(in.name, func(t *testing.T) {
			t.Parallel()
			scan := newScan(everyPhase, with(in.cookies...))
			for _, k := range in.cookies {
				d := declaration(k.Name, "", "as set", asksFor(&k))
				d.Category = c.Named(k.Name, "", "mill.test").Category
				d.Description = "What it is for, in words"
				declares(d)(scan)
			}
			if in.change != nil {
				in.change(scan)
			}
			for _, it := range scan.Storage {
				if it.Held == nil || it.Kind == evidence.KindCacheStorage {
					continue
				}
				d := declaration(it.Key, "", "until deleted", noLength)
				d.Storage, d.Category, d.Description = it.Kind, evidence.Functional, "What it is for, in words"
				declares(d)(scan)
			}
			law, err := profile.BuiltIn(cmp.Or(in.profile, profile.Default), rules.All())
			if err != nil {
				t.Fatal(err)
			}
			e := audit.Engine{Rules: rules.All(), Classifier: c, Matcher: declared.Matcher{}, Profile: law}
			for _, f := range e.Judge(scan).Findings {
				if f.Verdict == audit.Violation && f.Severity != audit.Info {
					t.Errorf("%s (%s, %s): %s", f.Rule, f.Severity, f.Certainty, f.Message)
				}
			}
		})
	}
}

func asksFor(k *evidence.Cookie) int64 {
	if k.Requested == nil {
		return 0
	}
	return *k.Requested
}

// The same scan gives the same findings in the same order every time.
func TestJudgingIsDeterministic(t *testing.T) {
	t.Parallel()
	e := fleetEngine(t)
	scan := fleetScan(7)
	first := e.Judge(scan)
	for range 5 {
		if again := e.Judge(scan); !reflect.DeepEqual(first, again) {
			t.Fatal("two judgements of one scan differ")
		}
	}
}

func fleetEngine(tb testing.TB) *audit.Engine {
	tb.Helper()
	c, err := purpose.New([]byte(knowledge))
	if err != nil {
		tb.Fatal(err)
	}
	return &audit.Engine{Rules: rules.All(), Classifier: c, Matcher: declared.Matcher{}}
}

// fleetScan is one of many: 100 cookies, half of them declared, and requests.
func fleetScan(n int) *evidence.Scan {
	s := newScan(policyText("We use cookies of Kite Statistics to count visits."))
	for i := range 50 {
		name := fmt.Sprintf("cookie_%d_%d", n, i)
		with(cookie(name, "www.mill.test", 365*days, identifying), cookie("_ga_"+name, fmt.Sprintf("p%d.test", i), 60, identifying))(s)
		declares(declaration(name, "", "1 year", 365*days))(s)
		request(evidence.Before, "hit.kite.test", sentCookie)(s)
	}
	return s
}

// fleet is how many scans are audited.
const fleet = 1000

// BenchmarkFleet audits a thousand scans with a hundred cookies each.
func BenchmarkFleet(b *testing.B) {
	e := fleetEngine(b)
	for b.Loop() {
		for n := range fleet {
			e.Judge(fleetScan(n))
		}
	}
}
