// Package config reads cookieaudit.yaml: which sites are scanned when, how, and
// what is done about what is found. One table of fields is what the reader, the
// JSON Schema and the messages are made of.
package config

import (
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/profile"
	"cookieaudit/crawler/evidence"
)

// A Config is what a file says, with defaults filled in and every list of sites
// read.
type Config struct {
	// Database is a file or a postgres:// address; empty where the file names
	// none. A password in it is a reference, ${ENV:NAME} or ${FILE:PATH}.
	Database string
	Server   Server
	// Parallel is how many sites one process scans at once; 0 for the command's
	// own default.
	Parallel int
	// Delay is the least time between two visits to one registrable domain,
	// counted from the end of the first.
	Delay time.Duration
	// Retries is how often a scan is tried again when the tool itself failed.
	Retries int
	// SiteTimeout bounds the scan of one site.
	SiteTimeout time.Duration
	// Keep is how long scans are kept; 0 for ever.
	Keep time.Duration
	// Defaults are the options of sites that say nothing else.
	Defaults     Options
	Schedules    []Schedule // by name
	Sites        []Site
	Suppressions []audit.Suppression
	Alerts       []Alert
}

// The defaults of a file that says nothing else.
const (
	DefaultListen      = "127.0.0.1:8080"
	DefaultDelay       = 5 * time.Second
	DefaultRetries     = 3
	DefaultSiteTimeout = 10 * time.Minute
	DefaultDrain       = 30 * time.Second
	DefaultPages       = 2
	DefaultPageTimeout = 30 * time.Second
)

// Server says how the dashboard is reached.
type Server struct {
	Listen string // HOST:PORT
	// Origin is what users have in their address bar where that is not Listen,
	// such as https://cookies.example.org, and Hosts are further names under which
	// the dashboard may be asked for.
	Origin string
	Hosts  []string
	// AllowPrivate lets sites in private, loopback and link-local ranges be
	// scanned.
	AllowPrivate bool
	// Drain is how long running scans may still take when the process is told
	// to end; what they have seen by then is kept.
	Drain time.Duration
}

// A Site is scanned by schedules.
type Site struct {
	evidence.Site
	Name, Group string
	Schedules   []string
	Options     Options
}

// Options say how one site is scanned. They travel to the workers: a secret in
// them is a reference that is resolved where the scan runs, and a file must lie
// at the same path there. The fields are those of the flags of cookieaudit scan.
type Options struct {
	Profile       string              `json:"profile"`
	Knowledge     []string            `json:"knowledge,omitempty"`
	Pages         int                 `json:"pages"`
	Page          []string            `json:"page,omitempty"`
	Include       []string            `json:"include,omitempty"`
	Exclude       []string            `json:"exclude,omitempty"`
	HonourRobots  bool                `json:"honour_robots,omitempty"`
	Phases        []evidence.Phase    `json:"phases"`
	Choose        []string            `json:"choose,omitempty"`
	Recipes       string              `json:"recipes,omitempty"`
	NoScreenshots bool                `json:"no_screenshots,omitempty"`
	Policies      []string            `json:"policies,omitempty"`
	Evidence      string              `json:"evidence,omitempty"`
	EvidenceKey   string              `json:"evidence_key,omitempty"`
	TimestampURL  string              `json:"timestamp_url,omitempty"`
	PageTimeout   time.Duration       `json:"page_timeout"`
	Settle        string              `json:"settle"`
	Insecure      bool                `json:"insecure,omitempty"`
	Resolve       []string            `json:"resolve,omitempty"`
	DNS           string              `json:"dns,omitempty"`
	Cookies       []string            `json:"cookies,omitempty"`
	Headers       []string            `json:"headers,omitempty"`
	Storage       string              `json:"storage,omitempty"`
	Login         string              `json:"login,omitempty"`
	Locale        string              `json:"locale,omitempty"`
	Timezone      string              `json:"timezone,omitempty"`
	Geolocation   string              `json:"geolocation,omitempty"`
	Device        string              `json:"device,omitempty"`
	UserAgent     string              `json:"user_agent,omitempty"`
	Proxy         string              `json:"proxy,omitempty"`
	GPC           bool                `json:"gpc,omitempty"`
	DNT           bool                `json:"dnt,omitempty"`
	Suppressions  []audit.Suppression `json:"suppressions,omitempty"`
}

// DefaultOptions are those of a file that says nothing.
func DefaultOptions() Options {
	return Options{
		Profile: profile.Default, Pages: DefaultPages, PageTimeout: DefaultPageTimeout, Settle: "virtual",
		Phases: evidence.DefaultPhases(),
	}
}

// The kinds of an Alert.
const (
	Webhook = "webhook"
	SMTP    = "smtp"
	Slack   = "slack"
)

// What an Alert can be about.
const (
	OnFinding     = "finding"
	OnCookie      = "cookie"
	OnProvider    = "provider"
	OnPolicy      = "policy"
	OnUnreachable = "unreachable"
)

// An Alert says who is told of what is new.
type Alert struct {
	Kind string
	// URL is where it is sent to; smtp://USER@HOST:PORT for mail. It can hold
	// references, and is one where it is a secret as a whole.
	URL string
	// SecretEnv names the environment variable with the key that signs a
	// webhook, or with the password for mail.
	SecretEnv string
	From      string   // mail only
	To        []string // mail only
	On        []string // everything where the file names nothing
	// MinSeverity is that from which on a finding is told.
	MinSeverity audit.Severity
	Sites       []string // patterns of hosts; empty for all
}
