package rules_test

import (
	"slices"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/declared"
	"cookieaudit/audit/profile"
	"cookieaudit/audit/purpose"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

// A subtle violation is one that a look at the names alone does not find. Its site
// does nothing else wrong that matters here.
type subtle struct {
	name, profile string
	scan          *evidence.Scan
	rule, subject string // what must be found, above information
}

func subtles() []subtle {
	tokens := func(parts ...string) func(*evidence.Cookie) {
		return func(k *evidence.Cookie) {
			for i := range k.Writes {
				k.Writes[i].Value.Tokens = []string{parts[0] + string(k.Writes[i].Phase)}
			}
		}
	}
	afterRefusal := func(it *evidence.StorageItem) {
		it.Phases = []evidence.Phase{evidence.Reject}
		it.Held = it.Held[1:2]
		it.Writes = []evidence.StorageWrite{{Phase: evidence.Reject, AfterAnswer: true, AtMS: 900, Script: "https://cdn.kite.test/store.js"}}
	}
	byKite := func(it *evidence.StorageItem) {
		for _, h := range it.Held {
			it.Writes = append(it.Writes, evidence.StorageWrite{Phase: h.Phase, Script: "https://cdn.kite.test/k.js"})
		}
	}
	alias := func(host string, names ...string) func(*evidence.Scan) {
		return func(s *evidence.Scan) {
			s.DNS.Hosts = append(s.DNS.Hosts, evidence.ResolvedHost{Host: host, Names: names})
		}
	}
	row := func(name string, c evidence.Category, lifetime string, seconds int64) func(*evidence.Scan) {
		d := declaration(name, "", lifetime, seconds)
		d.Category, d.Description = c, "What it is for, in words"
		return declares(d)
	}
	renewedLonger := func(k *evidence.Cookie) {
		later := k.Writes[0]
		later.Page, later.AtMS, later.Requested = "https://www.mill.test/about", 4000, ptr[int64](390*days)
		k.Writes = append(k.Writes, later)
	}
	return []subtle{
		{name: "Google Analytics under another name", scan: newScan(with(cookie("_vst", "mill.test", 364*days, tokens("1795309200")))), rule: "PRE_CONSENT_UNCLASSIFIED", subject: "_vst"},
		{name: "statistics' script writes under a name of the site's own", scan: newScan(with(cookie("mill_v", "mill.test", 364*days, identifying, byScript("https://cdn.kite.test/k.js")))), rule: "PRE_CONSENT_ANALYTICS", subject: "mill_v"},
		{name: "Google's identifier set by the site's own server", scan: newScan(with(cookie("FPID", "www.mill.test", 364*days, identifying, secured))), rule: "PRE_CONSENT_ANALYTICS", subject: "FPID"},
		{
			name: "statistics under a name of the site", rule: "CNAME_CLOAKED_TRACKER", subject: "metrics.mill.test",
			scan: newScan(with(cookie("zq1", "metrics.mill.test", 364*days, identifying)), alias("metrics.mill.test", "mill.sc.omtrdc.net")),
		},
		{name: "the refusal is ignored in local storage alone", scan: newScan(item(evidence.KindLocalStorage, "kv", "https://www.mill.test", afterRefusal)), rule: "POST_REJECT_TRACKER", subject: "kv"},
		{name: "five seconds after the refusal", scan: newScan(with(cookie("_fbp", "mill.test", 90*days, identifying, only(evidence.Reject), answered(5500)))), rule: "POST_REJECT_TRACKER", subject: "_fbp"},
		{name: "a name that looks like a declared one", scan: newScan(row("PHPSESSID", evidence.Necessary, "session", 0), with(cookie("PHPSESS1D", "www.mill.test", 0, secured))), rule: "UNDECLARED_COOKIE", subject: "PHPSESS1D"},
		{name: "a declared name in another case", scan: newScan(row("sid_mill", evidence.Necessary, "session", 0), with(cookie("SID_mill", "www.mill.test", 0, secured))), rule: "UNDECLARED_COOKIE", subject: "SID_mill"},
		{name: "longer from the second page on", scan: newScan(row("wheel", evidence.Functional, "30 days", 30*days), with(cookie("wheel", "www.mill.test", 30*days, secured, renewedLonger))), rule: "LIFETIME_LONGER_THAN_DECLARED", subject: "wheel"},
		{name: "statistics for the session, before consent", scan: newScan(item(evidence.KindSessionStorage, "zq", "https://www.mill.test", byKite)), rule: "PRE_CONSENT_WEB_STORAGE", subject: "zq"},
		{name: "a tracker's cookie that is called a session", scan: newScan(with(cookie("sessionid", "px.adlane.test", 364*days, identifying))), rule: "PRE_CONSENT_ADVERTISING", subject: "sessionid"},
		{name: "a tracker's script that calls its cookie a consent", scan: newScan(with(cookie("cookie_consent", "mill.test", 364*days, identifying, byScript("https://tag.adlane.test/a.js")))), rule: "PRE_CONSENT_ADVERTISING", subject: "cookie_consent"},
		{name: "the site's identifier, hashed, in an advertiser's address", scan: newScan(with(cookie("zq1", "mill.test", 364*days, holding("k3j4h5g6f7"))), request(evidence.Before, "px.adlane.test", carrying("zq1", "mill.test", "sha1", "url"))), rule: "COOKIE_SYNC", subject: "zq1"},
		{name: "no cookie, but an identifier in the request", scan: newScan(with(cookie("zq1", "mill.test", 364*days, holding("k3j4h5g6f7"))), request(evidence.Before, "hit.kite.test", carrying("zq1", "mill.test", "plain", "url"))), rule: "PRE_CONSENT_TRACKING_REQUEST", subject: "hit.kite.test"},
		{name: "declared as necessary by its pattern", scan: newScan(row("_pk_id*", evidence.Necessary, "13 months", 393*days)), rule: "NECESSARY_MISLABELLED", subject: "_pk_id*"},
		{name: "exempt statistics that last two years", profile: "fr", scan: newScan(with(cookie("_pk_id.1.2", "www.mill.test", 730*days, identifying, secured))), rule: "LIFETIME_OVER_CEILING", subject: "_pk_id.1.2"},
		{name: "exempt statistics that ignore the objection", profile: "uk", scan: newScan(with(cookie("_pk_id.1.2", "www.mill.test", 393*days, identifying, secured, only(evidence.Reject), answered(900)))), rule: "POST_REJECT_TRACKER", subject: "_pk_id.1.2"},
		{name: "an unknown third party that tells visitors apart", scan: newScan(with(cookie("zq9", "t.rookmedia.test", 364*days, identifying))), rule: "PRE_CONSENT_UNCLASSIFIED", subject: "zq9"},
		{name: "a third party that is known by nothing", scan: newScan(with(cookie("zq9", "t.rookmedia.test", 0, only(evidence.Accept), answered(900)))), rule: "THIRD_PARTY_NOT_DISCLOSED", subject: "rookmedia.test"},
	}
}

func TestSubtleViolations(t *testing.T) {
	t.Parallel()
	c, err := purpose.New([]byte(knowledge))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range subtles() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			name := profile.Default
			if s.profile != "" {
				name = s.profile
			}
			law, err := profile.BuiltIn(name, rules.All())
			if err != nil {
				t.Fatal(err)
			}
			e := audit.Engine{Rules: rules.All(), Classifier: c, Matcher: declared.Matcher{}, Profile: law}
			fs := e.Judge(s.scan).Findings
			found := slices.ContainsFunc(fs, func(f audit.Finding) bool {
				return f.Verdict == audit.Violation && f.Severity != audit.Info && f.Rule == s.rule && (f.Subject.Name == s.subject || f.Subject.Domain == s.subject)
			})
			if found {
				return
			}
			t.Errorf("%s of %s is not found", s.rule, s.subject)
			for _, f := range fs {
				if f.Verdict == audit.Violation || f.Rule == s.rule {
					t.Logf("%s %s %s %s %s: %s", f.Rule, f.Verdict, f.Severity, f.Subject.Name, f.Subject.Domain, f.Message)
				}
			}
		})
	}
}
