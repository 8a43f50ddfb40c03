package policy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/policy"
)

// managerScripts are configurations as the scripts of consent managers hold
// them, with the declarations that a person reads in them: name, category,
// lifetime in seconds (-1 without one), host and storage.
var managerScripts = map[string]struct {
	script string
	want   []string
}{
	"Cookiebot": {
		`CookieConsentDialog.cookieTableNecessary = [['CookieConsent','marl.example','Keeps the visitor\u0027s consent state','1 year','HTTP','1','']];
		CookieConsentDialog.cookieTableStatistics = [['_ga','<a href="#">Google<\/a>','Counts visits to the pages','2 years','HTTP','1','']];
		CookieConsentDialog.cookieTableAdvertising = [];`,
		[]string{"CookieConsent necessary 31536000 marl.example cookie", "_ga analytics 63072000  cookie"},
	},
	"OneTrust": {
		`window.domainData = {"Groups":[{"GroupName":"Strictly Necessary Cookies","FirstPartyCookies":[{"Name":"JSESSIONID","Host":"marl.example","IsSession":true,"Length":"0","description":"Session"},{"Name":"OptanonConsent","Host":"marl.example","IsSession":false,"Length":"364"}],"Hosts":[]},
		{"GroupName":"Targeting Cookies","FirstPartyCookies":[],"Hosts":[{"HostName":"doubleclick.net","Cookies":[{"Name":"IDE","Host":"doubleclick.net","IsSession":false,"Length":"389"}]}]}]};`,
		[]string{"JSESSIONID necessary 0 marl.example cookie", "OptanonConsent necessary 31449600 marl.example cookie", "IDE marketing 33609600 doubleclick.net cookie"},
	},
	"vanilla-cookieconsent": {
		`CookieConsent.run({ guiOptions: {consentModal: {layout: 'box'}}, onConsent: () => { load({name: 'x_y', domain: 'a.example'}) },
		language: {default: 'en', translations: {en: {preferencesModal: {sections: [{title: 'Analytics', linkedCategory: 'analytics',
		cookieTable: {headers: {name: 'Name', exp: 'Expiration'}, body: [{name: '_pk_id.*', domain: 'marl.example', exp: '13 months', desc: "Counts visitors",}, ]}}]}}}} });`,
		[]string{"_pk_id.* analytics 33696000 marl.example cookie"},
	},
	"Klaro": {
		`var klaroConfig = { version: 1, // the first
		services: [ {name: 'matomo', title: 'Matomo', purposes: ['analytics'], cookies: [ /^_pk_.*$/, 'piwik_ignore', [/^_mtm/, '/', 'marl.example'] ], callback: function(consent, app) { if (consent) { start({name: "not_one"}); } } },
		{name: "films", purposes: ["marketing"], cookies: ["VISITOR_INFO1_LIVE"]} ] };`,
		[]string{"_pk_* analytics -1  cookie", "piwik_ignore analytics -1  cookie", "_mtm* analytics -1  cookie", "VISITOR_INFO1_LIVE marketing -1  cookie"},
	},
	"tarteaucitron": {
		`tarteaucitron.services.gtag = {"key": "gtag", "type": "analytic", "name": "Google Analytics", "needConsent": true, "cookies": ['_ga', '_gid'], "js": function () { "use strict"; }};`,
		[]string{"_ga analytics -1  cookie", "_gid analytics -1  cookie"},
	},
	"Usercentrics": {
		`var ucSettings = {services: [{dataProcessor: "Hotjar", categorySlug: "statistics", deviceStorage: {disclosures: [{identifier: "_hjSessionUser_*", type: "cookie", maxAgeSeconds: 31536000, domain: ".marl.example"}, {identifier: "hjViewportId", type: "web", maxAgeSeconds: null}]}}]};`,
		[]string{"_hjSessionUser_* analytics 31536000 .marl.example cookie", "hjViewportId analytics -1  localStorage"},
	},
	"CookieYes": {
		`window._ckyConfig = {"_version":"3.2","_categories":[{"name":"Necessary","slug":"necessary","isNecessary":true,"cookies":[{"cookieID":"cookieyes-consent","domain":"marl.example","duration":"1 year","description":{"en":"Remembers the visitor's choice"}}]},
		{"name":"Advertisement","slug":"advertisement","cookies":[{"cookieID":"_fbp","domain":".marl.example","duration":"3 months","description":{"en":"Shows adverts"}},{"cookieID":"test_cookie","domain":".doubleclick.net","duration":"15 minutes","description":{"en":""}}]}]};`,
		[]string{"cookieyes-consent necessary 31536000 marl.example cookie", "_fbp marketing 7776000 .marl.example cookie", "test_cookie marketing 900 .doubleclick.net cookie"},
	},
	"Didomi": {
		`window.didomiRemoteConfig = {"notices":[{"config":{"app":{"name":"Marl"}}}],"vendors":[{"id":"c:marl","name":"Marl","deviceStorage":{"disclosures":[{"identifier":"didomi_token","type":"cookie","maxAgeSeconds":31622400,"cookieRefresh":false,"domains":["marl.example"]}]}}]};
		window.storageDisclosures = {"disclosures":[{"identifier":"euconsent-v2","type":"cookie","maxAgeSeconds":31622400,"domains":["*"],"purposes":[]},{"identifier":"visit_count","type":"web","purposes":[1]}]};`,
		[]string{"didomi_token unknown 31622400 marl.example cookie", "euconsent-v2 unknown 31622400  cookie", "visit_count unknown -1  localStorage"},
	},
	"Orejime": {
		`window.orejimeConfig = {privacyPolicyUrl: '/privacy', purposes: [{id: 'mandatory', title: 'Required', isMandatory: true, cookies: ['marl_session']}, {id: 'stats', title: 'Statistics', purposes: [{id: 'matomo', title: 'Matomo', cookies: [/^_pk_id/, ['_pk_ses.1', '/', 'marl.example']]}]}]};`,
		[]string{"marl_session necessary -1  cookie", "_pk_id* analytics -1  cookie", "_pk_ses.1 analytics -1  cookie"},
	},
	"no consent manager": {
		`var form = {fields: [{name: "first_name", type: "text", domain: "a.example"}], cookies: true}; document.cookie = "a_b=1"; Cookies.set("c_d", "1", {expires: 7, domain: "a.example"}); ga({name: "t_0", cookieDomain: "auto", expires: "2 years"});`,
		nil,
	},
	"broken": {`x = {cookies: [{name: "a_b", expires: "1 day"`, []string{"a_b unknown 86400  cookie"}},
}

func TestManagerScripts(t *testing.T) {
	t.Parallel()
	for name, test := range managerScripts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := "<html><body><h1>Welcome</h1><script>" + test.script + "</script></body></html>"
			doc, err := policy.Read(policy.Input{URL: "https://marl.example/", ContentType: "text/html", Body: []byte(page)})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range wantedOf(doc.Declarations) {
				got = append(got, fmt.Sprintf("%s %s %d %s %s", w.Name, w.Category, w.Life, w.Host, w.Storage))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
