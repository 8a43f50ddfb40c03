package alert

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// A comparison finds what a scan brought. What a scan could not look at is
// neither new nor over.
type comparison struct {
	scans   Scans
	newer   *report.Report
	earlier []Earlier // latest first
	events  map[string][]Event
}

// since lists the events since the scan before. known is what was told already:
// a thing that an incomplete scan in between hid is still looked for.
func (c *comparison) since(ctx context.Context, known []Told) ([]Event, error) {
	if c.newer.Scan.Outcome == evidence.Unavailable {
		return []Event{c.unreachable(New)}, nil
	}
	var out []Event
	if len(c.earlier) > 0 && c.earlier[0].Outcome == evidence.Unavailable || open(known, string(Unreachable)) {
		out = append(out, c.unreachable(Over))
	}
	have := map[string]bool{}
	for _, e := range c.toldOf(known) {
		if e.Outcome == evidence.Unavailable {
			continue
		}
		events, err := c.against(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if !have[e.Key] {
				out = append(out, e)
			}
			have[e.Key] = true
		}
		// What an incomplete scan could not look at is compared with the one before.
		if e.Outcome == evidence.Complete || len(c.events) > olderScans {
			break
		}
	}
	out, err := c.stillOpen(ctx, known, out)
	order := []Subject{Unreachable, Finding, Cookie, Provider, Policy}
	slices.SortStableFunc(out, func(a, b Event) int {
		return cmp.Compare(slices.Index(order, a.Subject), slices.Index(order, b.Subject))
	})
	return out, err
}

// toldOf are the earlier scans from the last one on that was told of.
func (c *comparison) toldOf(known []Told) []Earlier {
	for _, t := range known {
		if t.Key != lastScan {
			continue
		}
		if i := slices.IndexFunc(c.earlier, func(e Earlier) bool { return e.ID == t.Scan }); i >= 0 {
			return c.earlier[i:]
		}
	}
	return c.earlier
}

// olderScans is how many further scans a scan is compared with at most.
const olderScans = 5

// stillOpen adds what was told as new by an older scan and is over now.
func (c *comparison) stillOpen(ctx context.Context, known []Told, out []Event) ([]Event, error) {
	have := map[string]bool{}
	for _, e := range out {
		have[e.Key] = true
	}
	known = slices.Clone(known)
	slices.SortStableFunc(known, func(a, b Told) int { return b.At.Compare(a.At) })
	for _, t := range known {
		if !isOpen(t) || have[t.Key] || len(c.events) > olderScans && c.events[t.Scan] == nil || !slices.ContainsFunc(c.earlier, func(e Earlier) bool { return e.ID == t.Scan && e.Outcome != evidence.Unavailable }) {
			continue
		}
		events, err := c.against(ctx, t.Scan)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if e.Key == t.Key && e.State == Over {
				out = append(out, e)
			}
		}
	}
	return out, nil
}

func open(known []Told, key string) bool {
	return slices.ContainsFunc(known, func(t Told) bool { return t.Key == key && isOpen(t) })
}

// isOpen reports whether the last that was told of a thing is that it is there.
func isOpen(t Told) bool {
	return t.State == New || strings.HasPrefix(string(t.State), string(Graver))
}

func (c *comparison) unreachable(state State) Event {
	e := Event{Key: string(Unreachable), Subject: Unreachable, State: state, Name: c.newer.Scan.Site.Host}
	if state == New {
		e.Text = "The site could not be looked at: " + cmp.Or(c.newer.Scan.Why, "no reason was recorded") + "."
	} else {
		e.Text = "The site can be looked at again."
	}
	return e
}

// against compares the scan with an older one. It is done once for all
// destinations.
func (c *comparison) against(ctx context.Context, id string) ([]Event, error) {
	if events, ok := c.events[id]; ok {
		return events, nil
	}
	older, err := c.scans.Report(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read the scan before: %w", err)
	}
	d := report.Compare(older, c.newer)
	var out []Event
	accepted := acceptedOf(c.newer)
	for i := range d.Findings {
		if ch := &d.Findings[i]; ch.Change == report.Gone || !accepted[[3]string{ch.Kind, ch.Domain, ch.Name}] {
			out = append(out, finding(ch)...)
		}
	}
	out = append(out, cookies(d, older, c.newer)...)
	for _, ch := range report.ProviderChanges(older, c.newer) {
		out = append(out, thing(Provider, &ch, "Data goes to "+ch.Name+", as it did not before.", "Nothing goes to "+ch.Name+" any more.")...)
	}
	for i := range d.Policies {
		out = append(out, policy(&d.Policies[i])...)
	}
	c.events[id] = out
	return out, nil
}

// acceptedOf are the violations that somebody knows of and accepts.
func acceptedOf(r *report.Report) map[[3]string]bool {
	out := map[[3]string]bool{}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Accepted != nil {
			out[[3]string{f.Rule, f.Subject.Domain, f.Subject.Name}] = true
		}
	}
	return out
}

// key joins what identifies a thing; the length of each part keeps them apart.
func key(parts ...string) string {
	var b strings.Builder
	for i, p := range parts {
		if i == 0 {
			b.WriteString(p)
			continue
		}
		fmt.Fprintf(&b, "/%d:%s", len(p), p)
	}
	if b.Len() > longestKey {
		sum := sha256.Sum256([]byte(b.String()))
		return parts[0] + "/sha256:" + hex.EncodeToString(sum[:])
	}
	return b.String()
}

// longestKey is more than most things need, in bytes, and fits into an index.
const longestKey = 300

// thing is the event of a thing that came or went for certain.
func thing(s Subject, ch *report.Change, came, went string) []Event {
	e := Event{Key: key(string(s), ch.Domain, ch.Name), Subject: s, Name: ch.Name, Domain: ch.Domain}
	switch {
	case !ch.Proven:
		return nil
	case ch.Change == report.Appeared:
		e.State, e.Text = New, came
	case ch.Change == report.Gone:
		e.State, e.Text = Over, went
	default:
		return nil
	}
	return []Event{e}
}

// finding is the event of a violation. One that became graver is new again.
func finding(ch *report.Change) []Event {
	events := thing(Finding, ch, ch.Text, "No longer found: "+ch.Text)
	if ch.Change == report.Changed && ch.Graver() {
		events = []Event{{Subject: Finding, State: Graver, Name: ch.Name, Domain: ch.Domain, Text: "Graver than before: " + ch.Text, version: string(ch.Severity)}}
	}
	for i := range events {
		e := &events[i]
		e.Key, e.Rule, e.Severity = key(string(Finding), ch.Kind, ch.Domain, ch.Name), ch.Kind, ch.Severity
	}
	return events
}

// cookies are the events of cookies. One whose name differs in a random part
// only is no other cookie.
func cookies(d *report.Diff, older, newer *report.Report) []Event {
	was, is := families(older), families(newer)
	var out []Event
	for _, ch := range d.Cookies {
		family := [2]string{ch.Domain, report.NamePattern(ch.Name)}
		other := was
		if ch.Change == report.Gone {
			other = is
		}
		if other[family] {
			continue
		}
		events := thing(Cookie, &ch, "The cookie "+ch.Name+" of "+ch.Domain+" was not there before.", "The cookie "+ch.Name+" of "+ch.Domain+" is gone.")
		for i := range events {
			events[i].Key = key(string(Cookie), family[0], family[1])
		}
		out = append(out, events...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(e Event) bool {
		again := seen[e.Key]
		seen[e.Key] = true
		return again
	})
}

func families(r *report.Report) map[[2]string]bool {
	out := map[[2]string]bool{}
	for i := range r.Cookies {
		out[[2]string{r.Cookies[i].Domain, report.NamePattern(r.Cookies[i].Name)}] = true
	}
	return out
}

// policy is the event of a policy. Each text of it, and each address, is a change
// of its own.
func policy(ch *report.Change) []Event {
	if ch.Change != report.Changed {
		return thing(Policy, ch, "There is a policy at "+ch.Name+" that was not there before.", "The policy at "+ch.Name+" is gone.")
	}
	e := Event{Key: key(string(Policy), "", ch.Name), Subject: Policy, State: Changed, Name: ch.Name, Text: "The policy at " + ch.Name + " has changed."}
	for _, f := range ch.Fields {
		e.version += f.New
		if f.Field == "address" {
			e.Text += " It was at " + f.Old + " before."
		}
	}
	if e.version == "" {
		return nil
	}
	return []Event{e}
}
