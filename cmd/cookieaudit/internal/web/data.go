package web

import (
	"context"
	"errors"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/evidence"
)

// ErrNotFound is what the interfaces below return where there is no such thing.
var ErrNotFound = errors.New("not found")

// Scans is what is stored of sites and their scans.
type Scans interface {
	// Sites lists the sites that were scanned, each with its latest scan.
	Sites(ctx context.Context, q SiteQuery) ([]Site, int, error)
	// History lists scans of one site, the latest first, and counts all of them.
	// site is a host, a registrable domain or the address of a landing page.
	History(ctx context.Context, site string, limit, offset int) ([]Scan, int, error)
	// EarlierPolicies returns what the latest earlier scan of the same site read of
	// its policies, nil where there is none, and a later one that could not.
	EarlierPolicies(ctx context.Context, scan *evidence.Scan) (earlier, between *evidence.Scan, err error)
	// Load returns a scan and its audit, which is nil where none was made. The
	// ID may be cut short as long as it is the only one that begins so.
	Load(ctx context.Context, id string) (*evidence.Scan, *audit.Judgement, error)
}

// Findings is what is stored of violations.
type Findings interface {
	// Findings lists the violations of the latest scan of every site, the gravest
	// first, and counts all of them. Which are accepted is told as they were judged
	// at the time of the scan.
	Findings(ctx context.Context, q FindingQuery) ([]Finding, int, error)
	// FindingsOf returns the violations of scans by the scans' IDs: with what says
	// how grave they are, and of those that are accepted or that one of the rules
	// found, with the subject's name.
	FindingsOf(ctx context.Context, scans, rules []string) (map[string][]audit.Finding, error)
	// Count counts those of Findings as they stand on a day, the gravest first.
	Count(ctx context.Context, by CountBy, day time.Time) ([]FindingCount, error)
	// Search looks for a text in what the latest scans hold.
	Search(ctx context.Context, text string, limit int) ([]Hit, error)
}

// CountBy says by what violations are counted.
type CountBy string

// What they are counted by. Those of no known provider are in no count.
const (
	ByRule     CountBy = "rule"
	ByProvider CountBy = "provider"
)

// A FindingCount counts the violations of one rule, or those that speak of one
// provider.
type FindingCount struct {
	Name     string         `json:"name"` // ID of the rule, or the provider
	Title    string         `json:"title,omitempty"`
	Severity audit.Severity `json:"severity"` // the gravest, of accepted ones too
	Sites    int            `json:"sites"`    // with open ones
	Open     int            `json:"open"`
	Accepted int            `json:"accepted"`
}

// SiteQuery chooses sites. Sort is one of SiteSorts.
type SiteQuery struct {
	Text          string // part of the address
	Sort          string
	Limit, Offset int
	// Trend is how many of the latest scans of each site Site.Trend holds.
	Trend int
}

// A Site is a site with what its scans say of it.
type Site struct {
	Latest Scan `json:"latest"`
	// Trend holds the latest scans, the oldest of them first.
	Trend []Point `json:"trend"`
}

// A Scan is one line of a history.
type Scan struct {
	ID       string           `json:"id"`
	Site     evidence.Site    `json:"site"`
	Started  time.Time        `json:"started"`
	Finished time.Time        `json:"finished"`
	Profile  string           `json:"profile"`
	Outcome  evidence.Outcome `json:"outcome"`
	Why      string           `json:"why"`
	// Score is nil where no rule could be answered, or there was no audit.
	Score *audit.Score `json:"score"`
	// Open counts violations that are not accepted, by severity; nil where there
	// was no audit.
	Open     map[audit.Severity]int `json:"open"`
	Accepted int                    `json:"accepted"`
	Cookies  int                    `json:"cookies"`
}

// A Point is one scan in a chart. Score is nil where there is none.
type Point struct {
	Started time.Time        `json:"started"`
	Outcome evidence.Outcome `json:"outcome"`
	Score   *int             `json:"score"`
}

// FindingQuery chooses findings; empty fields choose all.
type FindingQuery struct {
	Rule     string
	Provider string
	Site     string // as in Scans.History
	Severity audit.Severity
	// State is "open" or "accepted", as it stands on Day; empty for both.
	State string
	Day   time.Time
	// Limit is 0 for all.
	Limit, Offset int
}

// A Finding is a violation in the latest scan of a site.
type Finding struct {
	Scan      string            `json:"scan"`
	Site      evidence.Site     `json:"site"`
	Started   time.Time         `json:"started"`
	Rule      string            `json:"rule"`
	Title     string            `json:"title"`
	Severity  audit.Severity    `json:"severity"`
	Certainty audit.Certainty   `json:"certainty"`
	Subject   audit.Subject     `json:"subject"`
	Provider  string            `json:"provider"` // of the subject; empty where it is not known
	Message   string            `json:"message"`
	Accepted  *audit.Acceptance `json:"accepted"`
}

// A Hit is one thing that a search found.
type Hit struct {
	Kind  string        `json:"kind"` // host, cookie, provider or rule
	Text  string        `json:"text"`
	Sites int           `json:"sites"` // that have it in their latest scan
	Site  evidence.Site `json:"site"`
	Scan  string        `json:"scan"`
}

// Decisions are the findings that users have accepted.
type Decisions interface {
	Decisions(ctx context.Context) ([]audit.Decision, error)
	Decide(ctx context.Context, d audit.Decision) error
	// Withdraw ends a decision. What it was stays on record.
	Withdraw(ctx context.Context, id, by string, at time.Time) error
}

// Users keeps who may sign in.
type Users interface {
	Users(ctx context.Context) ([]account.User, error)
	User(ctx context.Context, name string) (account.User, error)
	// AddUser returns account.ErrExists where the name is taken.
	AddUser(ctx context.Context, u account.User) error
	// ChangeUser sets role, hash and Changed; a new hash ends the user's sessions.
	// RemoveUser removes the sessions and tokens as well. Both return
	// account.ErrLastAdmin rather than leave none.
	ChangeUser(ctx context.Context, u account.User) error
	RemoveUser(ctx context.Context, name string) error
}

// Sessions keeps who has signed in.
type Sessions interface {
	StartSession(ctx context.Context, s account.Session) error
	Session(ctx context.Context, id account.Digest) (account.Session, error)
	SeeSession(ctx context.Context, id account.Digest, at time.Time) error
	EndSession(ctx context.Context, id account.Digest) error
}

// Tokens keeps what programs sign in with.
type Tokens interface {
	Tokens(ctx context.Context, user string) ([]account.Token, error)
	AddToken(ctx context.Context, t account.Token) error
	RemoveToken(ctx context.Context, user, id string) error
	// Token returns the token and the role that its user has.
	Token(ctx context.Context, d account.Digest) (account.Token, account.Role, error)
	SeeToken(ctx context.Context, d account.Digest, at time.Time) error
}

// Accounts is all that is kept of users.
type Accounts interface {
	Users
	Sessions
	Tokens
}

// ErrRefused is wrapped by what Queue.Enqueue returns for sites that must not be
// scanned, such as addresses of private networks.
var ErrRefused = errors.New("refused")

// ErrState is what the queue returns for a job that cannot be cancelled or tried
// again, because it has ended or not ended yet.
var ErrState = errors.New("the job is in another state")

// Queue is what waits to be scanned.
type Queue interface {
	Enqueue(ctx context.Context, sites []evidence.Site, by string, priority int) (Enqueued, error)
	Jobs(ctx context.Context, q JobQuery) ([]Job, error)
	// Counts counts jobs by state.
	Counts(ctx context.Context) (map[JobState]int, error)
	Change(ctx context.Context, id int64, c JobChange) error
	// Next says when sites, by the address of their landing page, are scanned
	// next by their schedule; one without a schedule is absent.
	Next(ctx context.Context, urls []string) (map[string]time.Time, error)
}

// Enqueued says what came of sites that were put into the queue. Waiting were in
// it already.
type Enqueued struct {
	Added   int `json:"added"`
	Waiting int `json:"waiting"`
}

// A JobState says where a job is.
type JobState string

// The states. A job that is set aside has used up its retries.
const (
	Pending   JobState = "pending"
	Running   JobState = "running"
	Retrying  JobState = "retrying"
	SetAside  JobState = "set_aside"
	Cancelled JobState = "cancelled"
	Completed JobState = "completed"
)

// JobStates lists the states.
func JobStates() []JobState {
	return []JobState{Pending, Running, Retrying, SetAside, Cancelled, Completed}
}

// A JobChange is what can be done to a job.
type JobChange string

// The changes.
const (
	CancelJob JobChange = "cancel"
	RetryJob  JobChange = "retry"
)

// JobQuery chooses jobs; an empty State chooses every state.
type JobQuery struct {
	State         JobState
	Limit, Offset int
}

// A Job is one scan that waits, runs or has ended.
type Job struct {
	ID       int64    `json:"id"`
	URL      string   `json:"url"`
	State    JobState `json:"state"`
	Priority int      `json:"priority"` // 1 is the most urgent, 4 the least
	Attempt  int      `json:"attempt"`
	Attempts int      `json:"attempts"` // at most
	// Due is when it may start, Started when it last did; zero for never.
	Due     time.Time `json:"due"`
	Started time.Time `json:"started,omitzero"`
	By      string    `json:"by"` // who or what asked for it
	Worker  string    `json:"worker"`
	Error   string    `json:"error"` // of the last attempt
}
