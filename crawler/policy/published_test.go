package policy_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
)

// shared finds a folder of published policies beside the repository, which does
// not hold them itself.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		found := filepath.Join(dir, "shared", name)
		if info, err := os.Stat(found); err == nil && info.IsDir() {
			return found
		}
		dir = filepath.Dir(dir)
	}
	t.Skipf("no folder shared/%s in the parents of the repository", name)
	return ""
}

// wanted is what a test expects of a declaration. Life is -1 where the policy
// states no length.
type wanted struct {
	Name, Host, Provider string
	Category             evidence.Category
	Lifetime             string
	Life                 int64
	Storage              evidence.StorageKind
}

func wantedOf(list []evidence.Declaration) []wanted {
	var out []wanted
	for _, d := range list {
		w := wanted{d.Name, d.Host, d.Provider, d.Category, d.Lifetime, -1, d.Storage}
		if d.Seconds != nil {
			w.Life = *d.Seconds
		}
		out = append(out, w)
	}
	return out
}

// wantedClaim is what a test expects of a claim.
type wantedClaim struct {
	Kind     evidence.ClaimKind
	Quote    string
	Scope    string
	Subjects []string
	Except   string
}

func wantedClaims(list []evidence.Claim) []wantedClaim {
	var out []wantedClaim
	for _, c := range list {
		out = append(out, wantedClaim{c.Kind, c.Quote, c.Scope, c.Subjects, c.Except})
	}
	return out
}

const (
	day  = 86400
	year = 365 * day
)

// TestPublished reads five published policies, whose truth was written by hand
// from their text.
func TestPublished(t *testing.T) {
	t.Parallel()
	dir := shared(t, "seeds")
	const (
		need, fun, ana, unk = evidence.Necessary, evidence.Functional, evidence.Analytics, evidence.UnknownCategory
		ck                  = evidence.KindCookie
		lb                  = "civicuk.com stats.civiccomputing.com"
		org, com            = "www.civocracy.org", "www.civocracy.com"
		given               = "These cookies are set only after the user has given consent to us to use cookies."
		closes              = "set to expire when you close the browser"
	)
	tests := []struct {
		file   string
		want   []wanted
		claims []wantedClaim
	}{
		{
			file: "000_2242fab59f7c7315.txt",
			want: []wanted{
				{"HACIVICLB", lb, "CIVIC", need, "", -1, ck},
				{"HAAPPLB", lb, "CIVIC", need, "", -1, ck},
				{"JSESSIONID", "", "", unk, "", -1, ck},
				{"civicAllowCookies", "", "Cookie Control", fun, "", -1, ck},
				{"civicShowCookieIcon", "", "Cookie Control", fun, "", -1, ck},
				{"__utma", "", "Google Analytics", ana, "", -1, ck},
				{"__utmb", "", "Google Analytics", ana, "", -1, ck},
				{"__utmc", "", "Google Analytics", ana, "", -1, ck},
				{"__utmz", "", "Google Analytics", ana, "", -1, ck},
				{"_pk_id.*", "", "Piwik", ana, "", -1, ck},
				{"_pk_ses.*", "", "Piwik", ana, "", -1, ck},
				{"PIWIK_SESSID", "", "Piwik", ana, "", -1, ck},
				{"k", "", "Twitter", unk, "", -1, ck},
				{"guest_id", "", "Twitter", unk, "", -1, ck},
			},
			claims: []wantedClaim{
				{evidence.ClaimAfterConsent, given, "row", []string{"__utma", "__utmb", "__utmc", "__utmz"}, ""},
				{evidence.ClaimAfterConsent, given, "row", []string{"_pk_id.*", "_pk_ses.*", "PIWIK_SESSID"}, ""},
				{evidence.ClaimAfterConsent, given, "row", []string{"k", "guest_id"}, ""},
				{evidence.ClaimSessionOnly, "Any cookies that may be used by this website are used either solely on a per session basis or to maintain user preferences.", "page", nil, ""},
				{evidence.ClaimNoThirdParties, "Cookies are not shared with any third parties.", "page", nil, ""},
			},
		},
		{file: "001_717edfcd8e27d73f.txt"},
		{
			file: "002_dbae0d28d1f18831.txt",
			want: []wanted{
				{"request_token", "*.wcn.co.uk", "", need, closes, 0, ck},
				{"wcn_status", "*.wcn.co.uk", "", need, closes, 0, ck},
				{"wcn_session", "*.tal.net", "", need, closes, 0, ck},
			},
			claims: []wantedClaim{
				{evidence.ClaimNoCookies, "The site does not use cookies to collect user information.", "page", nil, ""},
				{evidence.ClaimSessionOnly, "Any cookie we set will only contain random but unique information which is set to expire when you close the browser.", "page", nil, ""},
			},
		},
		{
			file:   "003_8266781e851c2d76.txt",
			claims: []wantedClaim{{evidence.ClaimLastUpdated, "Effective Date: July 1, 2020", "page", nil, ""}},
		},
		{
			file: "004_648133998458df40.txt",
			want: []wanted{
				{"cookieconsent_status", org, "Civocracy", fun, "13 months", 390 * day, ck},
				{"civocracy:session", org, "Civocracy", fun, "persistent**", -1, ck},
				{"locale", org, "Civocracy", fun, "6 months", 180 * day, ck},
				{"questionnaireCompleted_*", org, "Civocracy", fun, "6 months", 180 * day, ck},
				{"questionnairewait_*", org, "Civocracy", fun, "1 day", day, ck},
				{"nofollow_*", org, "Civocracy", fun, "3 days", 3 * day, ck},
				{"PHPSESSID", "", "backend server", fun, "session*", day, ck},
				{"_pk_id*", "", "Matomo Piwik", ana, "1 year", year, ck},
				{"_pk_ses*", "", "Matomo Piwik", ana, "1 day", day, ck},
				{"piwik.php", "", "Matomo Piwik", ana, "", -1, evidence.KindPixel},
				{"ZD-buid", "", "Zendesk core User Support", ana, "1 year", year, ck},
				{"ZD-store", "", "Zendesk core User Support", fun, "persistent**", -1, ck},
				{"ZD-suid", "", "Zendesk core User Support", ana, "persistent**", -1, ck},
				{"__cfruid", "", "Zendesk core User Support", fun, "session*", day, ck},
				{"AWSALBCORS", "", "AWS - hosting", fun, "6 days", 6 * day, ck},
				{"IDE", "doubleclick.net", "Youtube", ana, "1 year", year, ck},
				{"test_cookie", "doubleclick.net", "Youtube", fun, "1 day", day, ck},
				{"VISITOR_INFO1_LIVE", "", "Youtube", fun, "180 days", 180 * day, ck},
				{"YSC", "", "Youtube", ana, "session*", day, ck},
				{"yt.innertube::nextid", "", "Youtube", ana, "persistent**", -1, ck},
				{"yt.innertube::requests", "", "Youtube", ana, "persistent**", -1, ck},
				{"yt-remote-cast-installed", "", "Youtube", ana, "session*", day, ck},
				{"yt-remote-connected-devices", "", "Youtube", ana, "persistent**", -1, ck},
				{"yt-remote-device-id", "", "Youtube", ana, "persistent**", -1, ck},
				{"yt-remote-fast-check-period", "", "Youtube", ana, "session*", day, ck},
				{"yt-remote-session-app", "", "Youtube", ana, "session*", day, ck},
				{"yt-remote-session-name", "", "Youtube", ana, "session*", day, ck},
				{"XSRF-TOKEN", com, "Wix", need, "Session", 0, ck},
				{"hs", com, "Wix", need, "Session", 0, ck},
				{"svSession", com, "Wix", need, "2 years", 2 * year, ck},
				{"SSR-caching", com, "Wix", need, "1 minute", 60, ck},
				{"_wixCIDX", com, "Wix", need, "3 months", 90 * day, ck},
				{"_wixUIDX", com, "Wix", need, "3 months", 90 * day, ck},
				{"_wix_browser_sess", com, "Wix", need, "session", 0, ck},
				{"consent-policy", com, "Wix", need, "12 months", 360 * day, ck},
				{"smSession", com, "Wix", need, "Session", 0, ck},
				{"TS*", com, "Wix", need, "Session", 0, ck},
				{"bSession", com, "Wix", need, "30 minutes", 1800, ck},
				{"fedops.logger.sessionId", com, "Wix", need, "12 months", 360 * day, ck},
				{"wixLanguage", com, "Wix", fun, "12 months", 360 * day, ck},
				{"_ga", ".civocracy.com", "Google Analytics", ana, "2 years", 2 * year, ck},
				{"_gid", ".civocracy.com", "Google Analytics", ana, "1 day", day, ck},
				{"_gat_gtag_UA_152851170_1", ".civocracy.com", "Google Analytics", ana, "1 minute", 60, ck},
			},
			claims: []wantedClaim{
				{evidence.ClaimNoAdvertising, "Civocracy only collects cookies needed to optimize navigation and never uses them for commercial or advertising purposes.", "page", nil, ""},
				{evidence.ClaimWithdrawal, "You can change your cookie preferences at any time by clicking on Manage your cookies in the footer.", "page", nil, ""},
				{evidence.ClaimNoCrossSession, "Civocracy does not track the activity of the same User during different sessions on the Civocracy platform.", "page", nil, ""},
				{evidence.ClaimLastUpdated, "The last update was on August 23, 2021.", "page", nil, ""},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(filepath.Join(dir, test.file))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := policy.Read(policy.Input{URL: test.file, Body: body})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, wantedOf(doc.Declarations)); diff != "" {
				t.Errorf("declarations (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.claims, wantedClaims(doc.Claims)); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
			if doc.DeclaresNone {
				t.Error("DeclaresNone is true")
			}
			for _, d := range doc.Declarations {
				if d.Source.Quote == "" || d.Source.Section == "" || d.Source.Position == 0 {
					t.Errorf("%s has no place: %+v", d.Name, d.Source)
				}
			}
		})
	}
}
