package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cookieaudit/crawler"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func TestProgressWithoutTerminal(t *testing.T) {
	t.Parallel()
	for _, quiet := range []bool{false, true} {
		var stderr bytes.Buffer
		p := newProgress(&stderr, 2, quiet)
		p.event(crawler.Event{Site: evidence.Site{Host: "one.example"}, Phase: evidence.Reject, Stage: "banner"})
		emitted := 0
		emit := func(*report.Report) error { emitted++; return nil }
		if err := p.finished(report.New(sampleScan("x", "one.example", evidence.Partial), nil), nil, emit); err != nil {
			t.Error(err)
		}
		if err := p.finished(nil, errors.New("two.example: crawl: no\x1bbrowser"), emit); err != nil {
			t.Error(err)
		}
		if emitted != 1 {
			t.Errorf("%d reports were written, want the one that there is", emitted)
		}
		p.close()

		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		failure := "cookieaudit: two.example: crawl: no\ufffdbrowser"
		if lines[len(lines)-1] != failure {
			t.Errorf("quiet %t: last line %q, want %q", quiet, lines[len(lines)-1], failure)
		}
		if quiet != (len(lines) == 1) {
			t.Errorf("quiet %t: %d lines", quiet, len(lines))
		}
		if !quiet && !strings.Contains(lines[0], "site=https://one.example/ outcome=partial violations=?") {
			t.Errorf("first line %q", lines[0])
		}
	}
}

func TestProgressLine(t *testing.T) {
	t.Parallel()
	p := newProgress(&bytes.Buffer{}, 1, true)
	defer p.close()
	site := evidence.Site{Host: "one.example"}
	tests := []struct {
		event crawler.Event
		want  string
	}{
		{crawler.Event{}, "starting the browser"},
		{crawler.Event{Site: site, Phase: evidence.Reject, Stage: "page 2 of 3"}, "one.example, reject: page 2 of 3"},
		{crawler.Event{Site: site, Stage: "policy"}, "one.example: policy"},
		{crawler.Event{Site: site, Stage: "a\x1b[1mb"}, "one.example: a\ufffd[1mb"},
	}
	for _, tt := range tests {
		p.event(tt.event)
		if got := p.line(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.event, got, tt.want)
		}
	}
}

// The line is gone before a report is written, which may go to the same terminal.
func TestProgressMakesRoom(t *testing.T) {
	t.Parallel()
	for _, total := range []int{1, 2} {
		var terminal bytes.Buffer
		p := &progress{stderr: &terminal, log: slog.New(slog.DiscardHandler), bar: newBar(&terminal, total), now: time.Now, total: total}
		p.draw()
		if terminal.Len() == 0 {
			t.Fatal("no line was drawn")
		}
		err := p.finished(report.New(sampleScan("x", "one.example", evidence.Complete), nil), nil, func(*report.Report) error {
			_, err := terminal.WriteString("TABLE\n")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		const erase = "\x1b[2K\r" // ECMA-48, section 8.3.41
		if out := terminal.String(); !strings.HasSuffix(out, erase+"TABLE\n") {
			t.Errorf("%d sites: %q", total, out)
		}
	}
}
