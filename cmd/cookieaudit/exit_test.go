package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/crawler/evidence"
)

func TestTally(t *testing.T) {
	t.Parallel()
	violation := func(s audit.Severity) *audit.Judgement {
		return &audit.Judgement{Findings: []audit.Finding{{Rule: "R", Verdict: audit.Violation, Severity: s}}}
	}
	ok := pipeline.Result{Scan: sampleScan("a", "a.example", evidence.Complete)}
	cut := pipeline.Result{Scan: sampleScan("b", "b.example", evidence.Partial)}
	bad := pipeline.Result{Scan: sampleScan("c", "c.example", evidence.Partial), Judgement: violation(audit.High)}
	broken := pipeline.Result{Err: errors.New("no browser")}
	unsaved := pipeline.Result{Scan: sampleScan("d", "d.example", evidence.Complete), Err: errors.New("disk full")}
	late := pipeline.Result{Err: fmt.Errorf("x: %w", pipeline.ErrNotScanned)}
	tests := []struct {
		name    string
		failOn  audit.Severity
		results []pipeline.Result
		want    int
	}{
		{"complete", audit.High, []pipeline.Result{ok}, exitClean},
		{"incomplete", audit.High, []pipeline.Result{ok, cut}, exitIncomplete},
		{"violations win over incomplete", audit.High, []pipeline.Result{cut, bad}, exitViolations},
		{"below the severity", audit.Critical, []pipeline.Result{bad}, exitIncomplete},
		{"above the severity", audit.Low, []pipeline.Result{bad}, exitViolations},
		{"no severity fails", "", []pipeline.Result{bad}, exitIncomplete},
		{"failure wins over violations", audit.High, []pipeline.Result{bad, broken}, exitFailed},
		{"what is not recorded has failed", audit.High, []pipeline.Result{unsaved}, exitFailed},
		{"not reached is incomplete", audit.High, []pipeline.Result{ok, late}, exitIncomplete},
		{"violations win over not reached", audit.High, []pipeline.Result{bad, late}, exitViolations},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ta := tally{failOn: tt.failOn}
			for _, r := range tt.results {
				ta.take(r)
			}
			var stderr bytes.Buffer
			if got := exitCode(ta.result(true), &stderr); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
			if quiet := stderr.Len() == 0; quiet != (tt.want != exitFailed) {
				t.Errorf("with quiet stderr says %q", stderr.String())
			}
		})
	}
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err    error
		want   int
		stderr string
	}{
		{nil, exitClean, ""},
		{errors.New("disk full"), exitFailed, "cookieaudit: disk full\n"},
		{fmt.Errorf("x: %w", &usageError{errors.New("no such flag"), "cookieaudit scan"}), exitUsage, "See 'cookieaudit scan --help'.\n"},
		{cli.Exit("no help for that", 3), exitUsage, "no help for that"},
		{fmt.Errorf("ask the browser: %w", &exec.ExitError{ProcessState: &os.ProcessState{}}), exitFailed, "ask the browser"},
		{fmt.Errorf("x: %w", &resultError{exitViolations, "3 found"}), exitViolations, "cookieaudit: 3 found\n"},
		{&resultError{exitIncomplete, ""}, exitIncomplete, ""},
		{errors.New("title \x1b[2J\u202e of a page"), exitFailed, "cookieaudit: title \ufffd[2J\ufffd of a page\n"},
	}
	for _, tt := range tests {
		var stderr bytes.Buffer
		if got := exitCode(tt.err, &stderr); got != tt.want {
			t.Errorf("%v: exit code %d, want %d", tt.err, got, tt.want)
		}
		if !strings.Contains(stderr.String(), tt.stderr) || tt.stderr == "" && stderr.Len() > 0 {
			t.Errorf("%v: stderr %q, want %q", tt.err, stderr.String(), tt.stderr)
		}
	}
}
