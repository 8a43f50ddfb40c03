package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/profile"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// A file is a Config while it is read.
type file struct {
	Config
	rules []audit.Rule
	check func(Options) error
	// listed says where a site was named first.
	listed map[string]string
	// later is done when the whole file has been read: sites need the defaults
	// and the names of the schedules.
	later []func()
}

// maxParallel bounds how many browsers' worth of sites one process is asked for.
const maxParallel = 64

func (f *file) fields() []field {
	return []field{
		text("database", "where scans are kept: a file, or postgres://… for a fleet", &f.Database, checkDatabase),
		object("server", "how the dashboard is reached", f.serverFields()),
		number("parallel", "how many sites one process scans at once", &f.Parallel, 1, maxParallel),
		span("delay", "least time between two visits to one registrable domain, across the fleet", &f.Delay, 0),
		number("retries", "how often a scan is tried again when the tool itself failed", &f.Retries, 0, 20),
		span("site_timeout", "longest time for the scan of one site", &f.SiteTimeout, 10*time.Second),
		span("keep", "how long scans are kept, such as 400d; for ever where it is left out", &f.Keep, 24*time.Hour),
		object("defaults", "how sites are scanned that say nothing else", optionFields(&f.Defaults)),
		f.schedules(),
		objects("sites", "what is scanned", "a site", (&siteEntry{}).fields(), f.readSite),
		objects("suppressions", "findings that were reviewed and are accepted for now", "a suppression",
			(&suppression{}).fields(nil), f.readSuppression),
		objects("alerts", "who is told of what is new", "an alert", alertFields(&Alert{}), f.readAlert),
	}
}

func (f *file) serverFields() []field {
	return []field{
		text("listen", "HOST:PORT of the dashboard; loopback where it is left out", &f.Server.Listen, checkListen),
		text("origin", "what users have in their address bar where that is not listen, such as https://cookies.example.org", &f.Server.Origin, checkOrigin),
		texts("hosts", "further names under which the dashboard may be asked for", &f.Server.Hosts, nil),
		flag("allow_private", "let sites in private, loopback and link-local ranges be scanned", &f.Server.AllowPrivate),
		span("drain", "how long running scans may still take when the process is told to end", &f.Server.Drain, 0),
	}
}

// optionFields are those of a site's options, named like the flags of scan.
func optionFields(o *Options) []field {
	return []field{
		profileName(&o.Profile),
		paths("knowledge", "files with what you know of cookies and hosts", &o.Knowledge),
		number("pages", "how many pages are visited beside the landing page", &o.Pages, 0, 1000),
		texts("page", "pages of the site, URL or path, that are visited too", &o.Page, nil),
		texts("include", "patterns: only pages whose path fits one are chosen", &o.Include, checkPattern),
		texts("exclude", "patterns: no page whose path fits one is chosen", &o.Exclude, checkPattern),
		flag("honour_robots", "choose no page that robots.txt disallows", &o.HonourRobots),
		words("phases", "what is done about the banner", &o.Phases, evidence.Phases()),
		words("choose", "categories that the phase choose allows", &o.Choose, categories()),
		path("recipes", "file that says how banners are answered (YAML)", &o.Recipes),
		flag("no_screenshots", "take no pictures of the banner", &o.NoScreenshots),
		policies(&o.Policies),
		path("evidence", "folder that gets an evidence bundle of each scan, on the machine that scans; keep prunes it too", &o.Evidence),
		path("evidence_key", "private key that signs bundles (cookieaudit evidence keygen)", &o.EvidenceKey),
		text("timestamp_url", "service that stamps bundles (RFC 3161)", &o.TimestampURL, nil),
		span("timeout", "longest time for one page", &o.PageTimeout, time.Second),
		word("settle", "time in which pages come to rest: virtual (fast) or real", &o.Settle, []string{"virtual", "real"}),
		flag("insecure", "accept certificates that cannot be verified (staging sites)", &o.Insecure),
		texts("resolve", "HOST:PORT:ADDR: connect to ADDR, as curl has it", &o.Resolve, nil),
		text("dns", "name server that tells what the site's names are aliases of; system or off", &o.DNS, nil),
		texts("cookies", "cookies to begin with, 'name=env:NAME; Domain=…' or @FILE", &o.Cookies, checkCookie),
		texts("headers", "headers for the site's own registrable domain, 'Name: env:NAME'", &o.Headers, checkHeader),
		path("storage", "file with the web storage to begin with (JSON)", &o.Storage),
		path("login", "file with the steps of a login (YAML)", &o.Login),
		text("locale", "language of the visit, such as de-AT", &o.Locale, nil),
		text("timezone", "time zone of the visit, such as Europe/Vienna", &o.Timezone, nil),
		text("geolocation", "position that sites are told, LAT,LON in degrees", &o.Geolocation, nil),
		word("device", "kind of device", &o.Device, browser.DeviceNames()),
		text("user_agent", "user agent that is sent", &o.UserAgent, nil),
		text("proxy", "proxy of all connections (http, https, socks5)", &o.Proxy, checkProxy),
		flag("gpc", "send Global Privacy Control in every phase", &o.GPC),
		flag("dnt", "send Do Not Track in every phase", &o.DNT),
	}
}

// profileName is the name of a built-in profile or a file with one.
func profileName(into *string) field {
	f := text("profile", "legal profile: "+strings.Join(profile.Names(), ", ")+", or a file of your own", into, nil)
	read := f.value.read
	f.value.read = func(r *reader, n *yaml.Node) {
		before := len(r.problems)
		read(r, n)
		if len(r.problems) > before || slices.Contains(profile.Names(), *into) {
			return
		}
		*into = r.path(*into)
		data, err := readFile(*into)
		if err != nil {
			r.fail(n, "profile %q: %s, or write a file that exists", clip(n.Value), suggest(n.Value, profile.Names()))
			return
		}
		if _, err := profile.Parse(data, rules.All()); err != nil {
			r.fail(n, "%v", err)
		}
	}
	return f
}

// policies are addresses and files.
func policies(into *[]string) field {
	f := texts("policy", "addresses or files to read instead of looking for the policy", into, nil)
	read := f.value.read
	f.value.read = func(r *reader, n *yaml.Node) {
		read(r, n)
		for i, p := range *into {
			if !strings.HasPrefix(p, "https://") && !strings.HasPrefix(p, "http://") {
				(*into)[i] = r.path(p)
			}
		}
	}
	return f
}

func categories() []string {
	var out []string
	for _, c := range consent.Categories() {
		out = append(out, string(c))
	}
	return out
}

// readOptions reads options over those that are there already.
func (f *file) readOptions(r *reader, n *yaml.Node, o *Options) {
	before := len(r.problems)
	r.object(n, "options", optionFields(o))
	if len(r.problems) == before {
		f.checkOptions(r, n, *o)
	}
}

// checkOptions looks at what only the whole of the options can tell.
func (f *file) checkOptions(r *reader, n *yaml.Node, o Options) {
	chooses := slices.Contains(o.Phases, evidence.Choose)
	switch {
	case len(o.Phases) == 0:
		r.fail(n, "phases is empty: name at least one, or leave the key out")
		return
	case chooses && len(o.Choose) == 0:
		r.fail(n, "the phase choose needs choose: the categories that it allows, of %s", either(categories()))
		return
	case !chooses && len(o.Choose) > 0:
		r.fail(n, "choose names categories, but phases does not hold choose: add it")
		return
	case o.Evidence == "" && (o.EvidenceKey != "" || o.TimestampURL != ""):
		r.fail(n, "evidence_key and timestamp_url are for bundles: add evidence, the folder for them")
		return
	}
	if f.check == nil {
		return
	}
	if err := f.check(o); err != nil {
		r.fail(n, "%v", err)
	}
}

// alertFields are those of one alert.
func alertFields(a *Alert) []field {
	return []field{
		required(word("kind", "webhook, smtp or slack", &a.Kind, []string{Webhook, SMTP, Slack})),
		required(text("url", "where it is sent to; smtp://USER@HOST:PORT for mail", &a.URL, checkSecretFree)),
		fitting(text("secret_env", "environment variable with the key that signs a webhook, or with the password for mail", &a.SecretEnv, checkEnvName),
			envName.String()),
		text("from", "sender of a mail", &a.From, checkMail),
		texts("to", "who gets a mail", &a.To, checkMail),
		words("on", "what is told; everything where it is left out", &a.On, alertSubjects()),
		word("min_severity", "severity from which on a finding is told", &a.MinSeverity, audit.Severities()),
		texts("sites", "patterns of hosts that are told of; all where it is left out", &a.Sites, nil),
	}
}

func alertSubjects() []string {
	return []string{OnFinding, OnCookie, OnProvider, OnPolicy, OnUnreachable}
}

func (f *file) readAlert(r *reader, n *yaml.Node) {
	a := Alert{On: alertSubjects(), MinSeverity: audit.Low}
	before := len(r.problems)
	r.object(n, "an alert", alertFields(&a))
	if len(r.problems) > before {
		return
	}
	isReference := referenceOnly.MatchString(a.URL)
	switch a.Kind {
	case Slack:
		if !isReference {
			r.fail(n, "url of slack is a secret: write ${ENV:NAME} or ${FILE:PATH}")
		}
	case Webhook:
		if !isReference && !strings.HasPrefix(a.URL, "https://") && !strings.HasPrefix(a.URL, "http://") {
			r.fail(n, "url of a webhook begins with https://")
		}
	case SMTP:
		if !isReference && !strings.HasPrefix(a.URL, "smtp://") && !strings.HasPrefix(a.URL, "smtps://") {
			r.fail(n, "url for mail is written smtp://USER@HOST:PORT, or smtps:// where TLS comes first")
		}
		if a.From == "" || len(a.To) == 0 {
			r.fail(n, "mail needs from and to")
		}
	}
	if a.Kind != SMTP && (a.From != "" || len(a.To) > 0) {
		r.fail(n, "from and to are for mail, not for kind %s", a.Kind)
	}
	f.Alerts = append(f.Alerts, a)
}

// placeholder stands for a secret in a value.
var (
	placeholder   = regexp.MustCompile(`\$\{(?:ENV|FILE):[^}]+\}`)
	referenceOnly = regexp.MustCompile(`^(?:\$\{(?:ENV|FILE):[^}]+\}|env:[A-Za-z_][A-Za-z0-9_]*)$`)
	envName       = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

func checkEnvName(s string) error {
	if !envName.MatchString(s) {
		return errors.New("write the name of an environment variable, not its value")
	}
	return nil
}

var errPassword = errors.New("a password does not belong in this file: write ${ENV:NAME} or ${FILE:PATH} in its place")

// checkSecretFree refuses an address with a password in clear. Its error does
// not repeat the address.
func checkSecretFree(s string) error {
	if referenceOnly.MatchString(s) {
		return nil
	}
	u, err := url.Parse(placeholder.ReplaceAllString(s, "x"))
	if err != nil {
		return errors.New("it is not an address")
	}
	if _, has := u.User.Password(); has && !placeholder.MatchString(userinfo(s)) {
		return errPassword
	}
	return nil
}

// userinfo returns what stands behind the first colon of an address's user.
func userinfo(s string) string {
	_, s, _ = strings.Cut(s, "://")
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		s = s[:at]
	}
	_, password, _ := strings.Cut(s, ":")
	return password
}

func checkDatabase(s string) error {
	scheme, _, isAddress := strings.Cut(s, "://")
	switch {
	case isAddress && scheme != "postgres" && scheme != "postgresql":
		return fmt.Errorf("%s:// is not known: write a file, or postgres://USER@HOST/NAME", clip(scheme))
	case isAddress:
		return checkSecretFree(s)
	}
	return nil
}

func checkProxy(s string) error {
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	return checkSecretFree(s)
}

func checkListen(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil || port == "" {
		return errors.New("write HOST:PORT such as 127.0.0.1:8080")
	}
	if host != "" && host != "localhost" && net.ParseIP(host) == nil {
		return fmt.Errorf("%q is no address of this machine: write an IP address or localhost", clip(host))
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q is no port", clip(port))
	}
	return nil
}

func checkOrigin(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		return errors.New("write https://HOST, without a path")
	}
	return nil
}

func checkPattern(s string) error {
	_, err := discover.ParsePattern(s)
	return err
}

func checkMail(s string) error {
	if local, host, ok := strings.Cut(s, "@"); !ok || local == "" || host == "" || strings.ContainsAny(s, " \r\n\t<>,") {
		return errors.New("write an address such as privacy@example.org")
	}
	return nil
}

// holdsReference reports whether a value of a cookie or header comes from the
// environment or from a file.
func holdsReference(value string) bool {
	last := value[strings.LastIndexByte(value, ' ')+1:]
	return placeholder.MatchString(value) || strings.HasPrefix(last, "env:") || (strings.HasPrefix(last, "@") && last != "@")
}

var errSecret = errors.New("the value is a secret: write env:NAME, @FILE, ${ENV:NAME} or ${FILE:PATH} in its place")

// checkCookie wants the values of cookies out of the file: what a scan begins
// with is a session of somebody's.
func checkCookie(s string) error {
	if strings.HasPrefix(s, "@") {
		return nil
	}
	pair, _, _ := strings.Cut(s, ";")
	_, value, ok := strings.Cut(pair, "=")
	switch {
	case !ok:
		return errors.New("write it like 'name=env:NAME; Domain=example.org', or @FILE")
	case !holdsReference(strings.TrimSpace(value)):
		return errSecret
	}
	return nil
}

// secretHeader fits the names of headers that carry credentials.
var secretHeader = regexp.MustCompile(`(?i)authorization|token|secret|key|session|auth|password`)

func checkHeader(s string) error {
	name, value, ok := strings.Cut(s, ":")
	switch {
	case !ok || strings.TrimSpace(name) == "":
		return errors.New("write it like 'Name: value'")
	case secretHeader.MatchString(name) && !holdsReference(strings.TrimSpace(value)):
		return errSecret
	}
	return nil
}
