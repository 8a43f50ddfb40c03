package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// declaring crawls sites whose policies have one row: the first site of all calls
// the cookie necessary, the others call it analytics.
type declaring struct{}

func (declaring) Scan(_ context.Context, site evidence.Site) (*evidence.Scan, error) {
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	scan := &evidence.Scan{
		ID: "scan-" + site.Domain, Site: site, Started: at, Finished: at, Outcome: evidence.Complete,
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true},
		Policies:     []evidence.PolicyDocument{{URL: site.URL + "cookies", Text: "We use cookies."}},
		Declarations: []evidence.Declaration{{Name: "millwheel", Category: evidence.Analytics, Lifetime: "1 day", Storage: evidence.KindCookie}},
	}
	if site.Domain == "mill0.test" {
		scan.Declarations[0].Category = evidence.Necessary
	}
	return scan, nil
}

// What sites declare is compared with the other sites in the database: when they
// are scanned, and when an old scan is judged again.
func TestComparedWithOtherSites(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "scans.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	engine, _, err := newEngine()
	if err != nil {
		t.Fatal(err)
	}
	line := pipeline.Pipeline{Crawler: declaring{}, Auditor: engine, Recorder: db, Library: db}
	verdict := func(site int) audit.Verdict {
		domain := fmt.Sprintf("mill%d.test", site)
		r := line.Run(t.Context(), evidence.Site{URL: "https://" + domain + "/", Host: domain, Domain: domain})
		if r.Err != nil && !errors.Is(r.Err, store.ErrExists) {
			t.Fatal(r.Err)
		}
		for _, f := range r.Judgement.Findings {
			if f.Rule == "PURPOSE_OUTLIER" {
				return f.Verdict
			}
		}
		return ""
	}
	for i := range 11 {
		if v := verdict(i); v == audit.Violation {
			t.Errorf("site %d: fewer than ten others are known to differ", i)
		}
	}
	if v := verdict(0); v != audit.Violation {
		t.Errorf("ten other sites differ: %q", v)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for flags, want := range map[string]bool{"": false, "--profile=de": true} {
		var out, errs bytes.Buffer
		args := []string{"cookieaudit", "report", "--db", path, "--format", "json"}
		if flags != "" {
			args = append(args, flags)
		}
		app := newApp(strings.NewReader(""), &out, &errs)
		if err := app.Run(t.Context(), append(args, "scan-mill0.test")); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "10 call it analytics"); got != want {
			t.Errorf("report %s of the first scan: compared %v, want %v", flags, got, want)
		}
	}
}
