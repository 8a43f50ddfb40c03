package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/alert"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/report"
)

// newAlerter tells those whom a configuration names of what is new in a
// database; nil where it names nobody.
func newAlerter(db *store.Store, alerts []config.Alert) (*alert.Alerter, error) {
	if len(alerts) == 0 {
		return nil, nil
	}
	a := &alert.Alerter{Scans: alertScans{db}, Record: alertRecord{db}}
	var errs []error
	for i := range alerts {
		d, err := alertDestination(&alerts[i])
		if err != nil {
			errs = append(errs, fmt.Errorf("alert %d (%s): %w", i+1, alerts[i].Kind, err))
			continue
		}
		a.Destinations = append(a.Destinations, d)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return a, nil
}

// alertDestination reads the secrets of an alert. Its name is made of what the
// file says, which holds none.
func alertDestination(a *config.Alert) (alert.Destination, error) {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{a.URL, a.From}, a.To...), "\n")))
	d := alert.Destination{Name: a.Kind + "-" + hex.EncodeToString(sum[:6]), MinSeverity: a.MinSeverity, Sites: a.Sites}
	for _, on := range a.On {
		d.On = append(d.On, alert.Subject(on))
	}
	url, err := expandWord(a.URL)
	if err != nil {
		return d, err
	}
	secret := ""
	if a.SecretEnv != "" {
		if secret, err = fromEnvironment(a.SecretEnv); err != nil {
			return d, err
		}
	}
	switch a.Kind {
	case config.Webhook:
		d.Sender, err = alert.NewWebhook(url, secret, nil)
	case config.Slack:
		d.Sender = alert.NewSlack(url, nil)
	case config.SMTP:
		d.Sender, err = alert.NewMail(alert.Mail{URL: url, Password: secret, From: a.From, To: a.To})
	default:
		err = fmt.Errorf("unknown kind")
	}
	return d, err
}

// alertScans are the stored scans, with what users accept today.
type alertScans struct{ db *store.Store }

// Report implements alert.Scans.
func (s alertScans) Report(ctx context.Context, id string) (*report.Report, error) {
	scan, judgement, err := s.db.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	suppressions, err := decided(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return report.New(scan, asOfToday(scan, judgement, suppressions)), nil
}

// earlierScans is how far back an alert looks for a scan that saw the site.
const earlierScans = 100

// Before implements alert.Scans.
func (s alertScans) Before(ctx context.Context, site string, started time.Time) ([]alert.Earlier, error) {
	entries, err := s.db.History(ctx, store.Filter{Site: site, Limit: earlierScans})
	if err != nil {
		return nil, err
	}
	var out []alert.Earlier
	for _, e := range entries {
		if e.Started.Before(started) {
			out = append(out, alert.Earlier{ID: e.ID, Outcome: e.Outcome})
		}
	}
	return out, nil
}

// alertRecord keeps in the database what was told. The store knows nothing of
// the package alert.
type alertRecord struct{ db *store.Store }

// Told implements alert.Record.
func (r alertRecord) Told(ctx context.Context, site, destination string) ([]alert.Told, error) {
	all, err := r.db.Alerted(ctx, site, destination)
	var out []alert.Told
	for _, a := range all {
		out = append(out, alert.Told{Key: a.Thing, State: alert.State(a.State), Scan: a.Scan, At: a.Started})
	}
	return out, err
}

// Tell implements alert.Record.
func (r alertRecord) Tell(ctx context.Context, site, destination string, told []alert.Told) error {
	var all []store.Alerted
	for _, t := range told {
		all = append(all, store.Alerted{Thing: t.Key, State: string(t.State), Scan: t.Scan, Started: t.At})
	}
	return r.db.SaveAlerted(ctx, site, destination, all)
}
