package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

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
		p.finished(report.New(sampleScan("x", "one.example", evidence.Partial), nil), nil)
		p.finished(nil, errors.New("two.example: crawl: no\x1bbrowser"))
		p.close()

		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		failure := "cookieaudit: two.example: crawl: no\ufffdbrowser"
		if lines[len(lines)-1] != failure {
			t.Errorf("quiet %t: last line %q, want %q", quiet, lines[len(lines)-1], failure)
		}
		if quiet != (len(lines) == 1) {
			t.Errorf("quiet %t: %d lines", quiet, len(lines))
		}
		if !quiet && !strings.Contains(lines[0], "site=https://one.example/ outcome=partial violations=0") {
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
