package main

import (
	"errors"
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// A tally counts what decides the exit code.
type tally struct {
	failOn audit.Severity // empty for none

	sites      int
	violations int // at or above failOn
	incomplete int // sites
	failed     int // sites of which no whole record could be made
	notReached int // sites that were not begun
}

// take counts what came of one site and returns its report, nil where there
// is nothing to report.
func (t *tally) take(r pipeline.Result) *report.Report {
	switch {
	case r.Scan == nil && errors.Is(r.Err, pipeline.ErrNotScanned):
		t.notReached++
		return nil
	case r.Err != nil:
		t.failed++
	}
	if r.Scan == nil {
		return nil
	}
	rep := report.New(r.Scan, r.Judgement)
	t.add(rep)
	return rep
}

func (t *tally) add(r *report.Report) {
	t.sites++
	if t.failOn != "" {
		t.violations += r.CountAtLeast(t.failOn)
	}
	if r.Scan.Outcome != evidence.Complete {
		t.incomplete++
	}
}

// result returns nil, or the error that carries the exit code. With quiet it
// says nothing on stderr.
func (t *tally) result(quiet bool) error {
	var e *resultError
	switch {
	case t.failed > 0:
		e = &resultError{exitFailed, fmt.Sprintf("%s could not be scanned or recorded", report.Plural(t.failed, "site"))}
	case t.violations > 0:
		e = &resultError{exitViolations, fmt.Sprintf("%s of severity %s or above", report.Plural(t.violations, "potential violation"), t.failOn)}
	case t.notReached > 0:
		e = &resultError{exitIncomplete, fmt.Sprintf("%s not scanned; %d of %d scans are incomplete",
			report.Plural(t.notReached, "site"), t.incomplete, t.sites)}
	case t.incomplete > 0 && t.sites > 1:
		e = &resultError{exitIncomplete, fmt.Sprintf("%d of %d scans are incomplete", t.incomplete, t.sites)}
	case t.incomplete > 0:
		e = &resultError{exitIncomplete, "the scan is incomplete"}
	default:
		return nil
	}
	if quiet && e.code != exitFailed {
		e.why = ""
	}
	return e
}
