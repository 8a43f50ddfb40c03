package jobs

import (
	"strings"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"cookieaudit/crawler/evidence"
)

// The queues. Scans and upkeep are worked by every process, control by those that
// have the configuration.
const (
	scanQueue    = "scan"
	upkeepQueue  = "upkeep"
	controlQueue = "control"
)

// A Priority says whose turn it is first.
type Priority int

// The priorities.
const (
	PriorityNow       Priority = 1 // somebody waits for it
	PriorityBatch     Priority = 2
	PriorityScheduled Priority = 3
	PriorityLow       Priority = 4
)

// batchPrefix begins the schedule of a job that was enqueued by hand.
const batchPrefix = "batch:"

// scanArgs are one site's turn. The three unique fields are its key, in the
// queue and in the record.
type scanArgs struct {
	URL      string `json:"url" river:"unique"`
	Schedule string `json:"schedule" river:"unique"`
	Slot     string `json:"slot" river:"unique"`
	Host     string `json:"host"`
	Domain   string `json:"domain"`
	// Assumed is evidence.Site.SchemeAssumed.
	Assumed bool   `json:"assumed,omitempty"`
	Options string `json:"options"` // digest
	// Alert is true where people are told of what the scan brings.
	Alert bool `json:"alert,omitempty"`
}

func newScanArgs(site evidence.Site, schedule, slot, options string) scanArgs {
	return scanArgs{URL: site.URL, Host: site.Host, Domain: site.Domain, Assumed: site.SchemeAssumed, Schedule: schedule, Slot: slot, Options: options}
}

// Kind names the job in the queue's tables.
func (scanArgs) Kind() string { return "scan" }

func (a *scanArgs) site() evidence.Site {
	return evidence.Site{URL: a.URL, Host: a.Host, Domain: a.Domain, SchemeAssumed: a.Assumed}
}

func (a *scanArgs) turn() turn { return turn{Schedule: a.Schedule, Slot: a.Slot, URL: a.URL} }

// batch returns the name of the batch that the job belongs to.
func (a *scanArgs) batch() (string, bool) { return strings.CutPrefix(a.Schedule, batchPrefix) }

// unfinished are the states of jobs that are still to be worked, or are being.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
}

// tickArgs ask for the slots that are due to be put into the queue.
type tickArgs struct{}

// Kind names the job in the queue's tables.
func (tickArgs) Kind() string { return "tick" }

// InsertOpts keeps one tick waiting at most.
func (tickArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: controlQueue, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}}
}

// upkeepArgs ask for what killed workers left behind to be seen to. A job of an
// earlier time may have been killed itself: it holds up no other.
type upkeepArgs struct{}

// Kind names the job in the queue's tables.
func (upkeepArgs) Kind() string { return "upkeep" }

// InsertOpts says who works it.
func (upkeepArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: upkeepQueue, MaxAttempts: 1}
}

// pruneArgs ask for scans to be deleted that are older than is kept.
type pruneArgs struct{}

// Kind names the job in the queue's tables.
func (pruneArgs) Kind() string { return "prune" }

// InsertOpts keeps one waiting at most.
func (pruneArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: controlQueue, MaxAttempts: 3, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}}
}
