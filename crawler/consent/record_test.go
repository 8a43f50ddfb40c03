package consent

import (
	"encoding/base64"
	"net/url"
	"testing"
)

func TestReadRecord(t *testing.T) {
	t.Parallel()
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	const oneTrust = "isGpcEnabled=0&datestamp=Sat+Nov+21+2026&version=202409.1.0&isIABGlobal=false&hosts=&consentId=aa&interactionCount=1&landingPath=NotLandingPage&AwaitingReconsent=false&groups="
	for _, tt := range []struct {
		name, value string
		want        reading
	}{
		// Single words.
		{"cookie_consent", "rejected", refused},
		{"cookie_consent", "accepted", granted},
		{"cookieconsent_status", "deny", refused},
		{"cookieconsent_status", "allow", granted},
		{"cookieconsent_status", "dismiss", unread},
		{"cookies-preference", "only-necessary", refused},
		{"gdpr", "necessary", refused},
		{"consent", "false", refused},
		{"consent", "true", granted},
		{"consent", "no", refused},
		{"consent", "0", refused},
		{"consent", "1", given},
		{"cookie_notice_accepted", "true", granted},
		{"cookie_notice_accepted", "false", refused},
		{"cookie_notice_accepted", "1", given},
		{"cookie_banner_seen", "1", unread},
		{"cookie_banner_closed", "true", unread},
		{"hide_cookie_bar", "yes", unread},
		{"cookie_test", "true", unread},
		{"cookies_enabled", "1", unread},
		{"cookie_test", "0", unread},
		{"consent_version", "1", unread},
		{"consent_date", "2026-11-21", unread},
		{"cookieconsent", "", unread},
		// JSON, plain and encoded.
		{"consent", `{"analytics":false,"marketing":false}`, refused},
		{"consent", `{"necessary":true,"analytics":false,"marketing":false,"version":1}`, refused},
		{"consent", `{"necessary":true,"analytics":true,"marketing":true}`, granted},
		{"consent", `{"analytics":true,"marketing":false}`, mixed},
		{"consent", `{"preferences":true,"analytics":false,"marketing":false}`, refused},
		{"consent", url.QueryEscape(`{"analytics":"denied"}`), refused},
		{"consent", url.QueryEscape(url.QueryEscape(`{"analytics":"granted"}`)), granted},
		{"consent", b64(`{"analytics":false}`), refused},
		{"consent", `{"rejected":true}`, refused},
		{"consent", `{"rejected":false}`, unread},
		{"consent", `{"hasAnswered":true}`, unread},
		{"cookie-consent", `{"decision":"deny-all"}`, refused},
		{"consent", `{"state":"{\"analytics\":false}"}`, refused},
		{"consent", `[`, unread},
		{"consent", `{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"analytics":true}}}}}}}}}}`, unread},
		// A version or a time beside the word.
		{"siteconsent", "v1.deny", refused},
		{"siteconsent", "v2.allow.1767225600", granted},
		{"siteconsent", "1.0", unread},
		{"siteconsent", "v1.pending", unread},
		{"siteconsent", "accepted.rejected", unread},
		// Formats of managers.
		{"CookieConsent", `{stamp:'gfXx==',necessary:true,preferences:false,statistics:false,marketing:false,method:'explicit',ver:1,utc:1700000000000,region:'de'}`, refused},
		{"CookieConsent", `{stamp:'gfXx==',necessary:true,preferences:true,statistics:true,marketing:true,method:'explicit',ver:1,utc:1700000000000,region:'de'}`, granted},
		{"CookieConsent", "%7Bstamp:%27x%27%2Cnecessary:true%2Cpreferences:false%2Cstatistics:false%2Cmarketing:false%7D", refused},
		{"OptanonConsent", oneTrust + "C0001%3A1%2CC0002%3A0%2CC0003%3A0%2CC0004%3A0", refused},
		{"OptanonConsent", oneTrust + "C0001%3A1%2CC0002%3A1%2CC0003%3A1%2CC0004%3A1", granted},
		{"cookieyes-consent", "consentid:abc,consent:no,action:yes,necessary:yes,functional:no,analytics:no,performance:no,advertisement:no", refused},
		{"cookieyes-consent", "consentid:abc,consent:yes,action:yes,necessary:yes,functional:yes,analytics:yes,performance:yes,advertisement:yes", granted},
		{"cc_cookie", `{"categories":["necessary"],"revision":0,"data":null,"services":{"necessary":[],"analytics":[]}}`, refused},
		{"cc_cookie", `{"categories":["necessary","analytics"],"revision":0}`, granted},
		{"cc_cookie", `{"categories":["necessary","analytics"],"level":["necessary","analytics"],"revision":0,"data":null,"rfc_cookie":false}`, granted},
		{"klaro", `{"matomo":false,"youtube":false}`, refused},
		{"klaro", `{"matomo":true,"youtube":true}`, granted},
		{"tarteaucitron", "!gajs=false!youtube=false", refused},
		{"tarteaucitron", "!gajs=true!youtube=true", granted},
		{"tarteaucitron", "!gajs=wait", unread},
		{"klaro", `{"login":true,"counter":false,"ad-show":false}`, mixed},
		{"eu-consent", `{"counter":true,"banner-ads":true}`, granted},
		{"cookies_accepted_categories", "technically_required", refused},
		{"cookies_accepted_categories", "technically_required,analytics", granted},
		{"cookie_consent_level", "2", unread},
		{"cmplz_marketing", "deny", refused},
		{"cmplz_banner-status", "dismissed", unread},
		{"borlabs-cookie", `{"consents":{"essential":["borlabs-cookie"],"statistics":[]},"version":"3"}`, refused},
		{"borlabs-cookie", `{"consents":{"essential":["borlabs-cookie"]},"uid":"x","version":"1"}`, refused},
		{"borlabs-cookie", `{"consents":{"essential":["borlabs-cookie"],"statistics":["matomo"],"external-media":["maps"]},"version":"3"}`, granted},
		{"cc_cookie", `{"categories":["necessary","analytics"],"services":{"necessary":[],"analytics":[]}}`, granted},
		{"cc_cookie", `{"categories":["necessary","analytics"],"revision":0,"data":null,"rfc_cookie":false}`, granted},
		{"cmplz_functional", "allow", unread},
		{"_tracking_consent", `{"con":{"CMP":{"a":"0","m":"0","p":"0","s":""}},"v":"2.1","region":"PT","reg":"GDPR"}`, refused},
		{"_tracking_consent", `{"con":{"CMP":{"a":"1","m":"1","p":"1","s":""}},"v":"2.1","region":"PT","reg":"GDPR"}`, granted},
		{"notice_preferences", "0:", refused},
		{"notice_preferences", "2:", granted},
		{"notice_gdpr_prefs", "0,1,2:", granted},
		{"notice_gdpr_prefs", "0,1:", mixed},
		{"notice_preferences", "", unread},
		{"cmapi_cookie_privacy", "permit 1 required", refused},
		{"cmapi_cookie_privacy", "permit 1,2,3", granted},
		{"cmapi_cookie_privacy", "permit", unread},
		{"_iub_cs-557788", `{"timestamp":"2026-11-22","purposes":{"1":true,"2":false,"3":false,"4":false,"5":false},"id":557788}`, refused},
		{"_iub_cs-557788", `{"purposes":{"1":true,"2":true,"3":true,"4":true,"5":true}}`, granted},
		{"_iub_cs-557788", `{"purposes":{"1":true,"2":true,"5":false}}`, mixed},
		{"_iub_cs-557788", `{"consent":true}`, granted},
		{"_iub_cs-557788", `x`, unread},
		// In the languages of their sites.
		{"shop_cookies", "no", refused},
		{"shop_cookies", "yes", given},
		{"shop_cookies", "0", unread},
		{"vr_cookies", "nein", refused},
		{"vr_cookies", "ja", given},
		{"uhr_cookies", "keine", refused},
		{"uhr_cookies", "statistik", unread},
		{"gdpr_ales", "nu", refused},
		{"gdpr_ales", "da", given},
		{"cookie_souhlas", "ne", refused},
		{"cookie_souhlas", "ano", granted},
		{"suti_valasz", "nem", refused},
		{"zgoda", "0", refused},
		{"zgoda", "1", given},
		{"koekjes", "alleen-noodzakelijk", refused},
		{"evastevalinta", "valttamattomat", refused},
		{"samtykke", "alle", granted},
		{"samtykke", "nodvendige", refused},
		{"cookies", "abc", unread},
		{"cb_ads", "no", refused},
		{"cb_ads", "yes", granted},
		{"cookies", "2026-11-22", unread},
		{"cookies_lang", "no", unread},
		// TCF strings: purposes in the bits from 152 on.
		{"euconsent-v2", tcString(0, 0), refused},
		{"euconsent-v2", tcString(0xff, 0xc0), granted},
		{"euconsent-v2", tcString(0x80, 0), mixed},
		{"euconsent-v2", "CPshort", unread},
	} {
		if got := readRecord(tt.name, tt.value); got != tt.want {
			t.Errorf("readRecord(%q, %q) = %s, want %s", tt.name, tt.value, got, tt.want)
		}
	}
}

// tcString builds a TCF core string of version 2 with the first purposes.
func tcString(first, second byte) string {
	b := make([]byte, 40)
	b[0] = 2 << 2 // the version is in the first six bits
	b[19], b[20] = first, second
	return base64.RawURLEncoding.EncodeToString(b) + ".YAAAAAAAAAAA"
}

func FuzzReadRecord(f *testing.F) {
	f.Add("consent", `{"analytics":false}`)
	f.Add("OptanonConsent", "groups=C0001:1,C0002:0")
	f.Add("euconsent-v2", tcString(1, 2))
	f.Add("klaro", "!a=b!c=:,{}")
	f.Fuzz(func(t *testing.T, name, value string) {
		if r := readRecord(name, value); r.String() == "" {
			t.Errorf("reading %d has no name", r)
		}
	})
}

// A plain word is an answer where its name speaks of a choice, and of none that is
// asked beside the banner.
func TestIsPlainAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value string
		want        bool
	}{
		{"choice", "denied", true},
		{"user-decision", "x", false},
		{"banner_answer", "accepted", true},
		{"site.notice", `"rejected"`, true},
		{"decision", "optOut", true},
		{"choice", "1", false},   // of what?
		{"choice", "yes", false}, // likewise
		{"choice", "{\"a\":1}", false},
		{"visitor", "denied", false}, // speaks of no choice
		{"keuze", "weigeren", true},
		{"keuze", "nee", false},
		{"cb_ads", "no", true},
		{"analytics", "true", true},
		{"marketing", "spring", false},
		{"ads_shown", "no", false},
		{"notification_permission", "denied", false},
		{"newsletter-popup", "declined", false},
		{"age_answer", "accepted", false},
		{"geolocation.state", "granted", false},
		{"terms_status", "accepted", false},
		{"chat-state", "enabled", false},
	} {
		if got := isPlainAnswer(tt.name, tt.value); got != tt.want {
			t.Errorf("%s=%s: %v, want %v", tt.name, tt.value, got, tt.want)
		}
	}
}
