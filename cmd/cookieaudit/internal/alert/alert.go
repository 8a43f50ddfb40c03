// Package alert tells people what is new on a site: findings, cookies, providers,
// changes of the policy, and that a site cannot be looked at; and when that is
// over. It compares two stored scans and remembers what it has told to whom.
package alert

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// A Subject is what an event is about.
type Subject string

// The subjects.
const (
	Finding     Subject = "finding"
	Cookie      Subject = "cookie"
	Provider    Subject = "provider"
	Policy      Subject = "policy"
	Unreachable Subject = "unreachable"
)

// A State is which way something went.
type State string

// The states.
const (
	New     State = "new"
	Graver  State = "graver"  // a finding whose severity rose
	Changed State = "changed" // the text of a policy
	Over    State = "over"
)

// An Event is one thing that is new on a site, or over.
type Event struct {
	// Key identifies the thing on its site, whatever its state.
	Key      string         `json:"key"`
	Subject  Subject        `json:"subject"`
	State    State          `json:"state"`
	Name     string         `json:"name"`
	Domain   string         `json:"domain,omitempty"`
	Rule     string         `json:"rule,omitempty"`
	Severity audit.Severity `json:"severity,omitempty"`
	Text     string         `json:"text"`
	// version tells changes of one thing apart that have the same state.
	version string
}

// told is the state as it is kept.
func (e *Event) told() State {
	if e.version == "" {
		return e.State
	}
	return e.State + State(" "+e.version)
}

// A Message is what one destination is told of one scan.
type Message struct {
	// ID is the same for every attempt to send it.
	ID      string    `json:"id"`
	Site    string    `json:"site"`
	Host    string    `json:"host"`
	Scan    string    `json:"scan"`
	Started time.Time `json:"started"`
	Events  []Event   `json:"events"`
}

// A Sender takes a message to where it goes. An error means that it may not have
// arrived.
type Sender interface {
	Send(ctx context.Context, m *Message) error
}

// A Destination is who is told of what.
type Destination struct {
	// Name identifies it in the record of what was told. It holds no secret.
	Name        string
	Sender      Sender
	On          []Subject      // empty for all
	MinSeverity audit.Severity // of findings; empty for all
	Sites       []string       // patterns of hosts, as in path.Match; empty for all
}

// Told is the last that a destination was told of a thing.
type Told struct {
	Key   string
	State State
	Scan  string
	At    time.Time // start of that scan
}

// lastScan is what the last scan is kept as that a destination was told of,
// whether it brought news or not. It is no thing of the site: the next scan is
// compared with it, so that no news is lost in a scan between that was told to
// nobody.
const lastScan = "scan"

// A Record keeps what was told.
type Record interface {
	Told(ctx context.Context, site, destination string) ([]Told, error)
	Tell(ctx context.Context, site, destination string, told []Told) error
}

// Scans are the stored scans.
type Scans interface {
	// Report builds the report of a scan.
	Report(ctx context.Context, id string) (*report.Report, error)
	// Before lists the scans of a site that were started before a time, the
	// latest first, and whether each saw anything.
	Before(ctx context.Context, site string, started time.Time) ([]Earlier, error)
}

// An Earlier is a scan before the one that is told of.
type Earlier struct {
	ID      string
	Outcome evidence.Outcome
}

// An Alerter tells destinations what a scan brought.
type Alerter struct {
	Scans        Scans
	Record       Record
	Destinations []Destination
}

// Alert tells what is new since the scan before. It can be called again for the
// same scan, and has to be after an error: nothing is told twice, unless it was
// not known to have arrived; then the message has the same ID.
func (a *Alerter) Alert(ctx context.Context, scan string) error {
	newer, err := a.Scans.Report(ctx, scan)
	if err != nil {
		return fmt.Errorf("read the scan to tell of: %w", err)
	}
	c := comparison{scans: a.Scans, newer: newer, events: map[string][]Event{}}
	if c.earlier, err = a.Scans.Before(ctx, newer.Scan.Site.URL, newer.Scan.Started); err != nil {
		return fmt.Errorf("find the scan before %s: %w", scan, err)
	}
	var errs []error
	for i := range a.Destinations {
		if d := &a.Destinations[i]; d.wantsSite(newer.Scan.Site.Host) {
			errs = append(errs, a.tell(ctx, d, &c))
		}
	}
	return errors.Join(errs...)
}

// tell sends a destination what it does not know yet, and keeps that it was
// told.
func (a *Alerter) tell(ctx context.Context, d *Destination, c *comparison) error {
	site, started := c.newer.Scan.Site, c.newer.Scan.Started
	known, err := a.Record.Told(ctx, site.URL, d.Name)
	if err != nil {
		return fmt.Errorf("read what %s was told: %w", d.Name, err)
	}
	last := map[string]Told{}
	for _, t := range known {
		last[t.Key] = t
	}
	if last[lastScan].Scan == c.newer.Scan.ID {
		return nil // it was told, and the job is worked again
	}
	events, err := c.since(ctx, known)
	if err != nil {
		return err
	}
	m := &Message{Site: site.URL, Host: site.Host, Scan: c.newer.Scan.ID, Started: started.UTC()}
	var told []Told
	for _, e := range events {
		t, before := last[e.Key]
		if !d.wants(&e) || before && (t.State == e.told() || !started.After(t.At)) {
			continue
		}
		m.Events = append(m.Events, e)
		told = append(told, Told{Key: e.Key, State: e.told(), Scan: m.Scan, At: started})
	}
	if len(m.Events) > 0 {
		m.ID = messageID(d.Name, m)
		if err := d.Sender.Send(ctx, m); err != nil {
			return fmt.Errorf("tell %s of %s: %w", d.Name, site.Host, err)
		}
	}
	if t, before := last[lastScan]; !before || started.After(t.At) {
		told = append(told, Told{Key: lastScan, State: lastScan, Scan: m.Scan, At: started})
	}
	if len(told) == 0 {
		return nil
	}
	if err := a.Record.Tell(ctx, site.URL, d.Name, told); err != nil {
		return fmt.Errorf("keep what %s was told: %w", d.Name, err)
	}
	return nil
}

// messageID is made of what is told to whom, so that a second attempt has it
// too.
func messageID(destination string, m *Message) string {
	h := sha256.New()
	parts := []string{destination, m.Site, m.Scan}
	for _, e := range m.Events {
		parts = append(parts, e.Key, string(e.told()))
	}
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return "alert_" + hex.EncodeToString(h.Sum(nil))[:32]
}

func (d *Destination) wantsSite(host string) bool {
	return len(d.Sites) == 0 || slices.ContainsFunc(d.Sites, func(p string) bool {
		ok, err := path.Match(strings.ToLower(p), host)
		return ok && err == nil
	})
}

func (d *Destination) wants(e *Event) bool {
	if len(d.On) > 0 && !slices.Contains(d.On, e.Subject) {
		return false
	}
	return e.Subject != Finding || e.Severity.AtLeast(cmp.Or(d.MinSeverity, audit.Info))
}
