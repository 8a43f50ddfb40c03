package crawler

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// A Step does one thing: exactly one of its fields is set.
type Step struct {
	// Navigate is an address, or a path on the landing page's host.
	Navigate string `yaml:"navigate"`
	Fill     *Fill  `yaml:"fill"`
	// Click is the CSS selector of what is clicked.
	Click string `yaml:"click"`
	Wait  *Wait  `yaml:"wait"`

	line int
}

// Fill puts a text into the first visible field that a CSS selector fits.
type Fill struct {
	Selector string `yaml:"selector"`
	Value    string `yaml:"value"`

	secret bool // it came from the environment or a file
}

// Wait waits for an element that is shown, for an address, or for a time;
// exactly one of its fields is set.
type Wait struct {
	Selector string `yaml:"selector"`
	// URL is a pattern for the address: "*" stands for any characters.
	URL  string        `yaml:"url"`
	Time time.Duration `yaml:"time"`
}

// maxWait bounds a wait for a time.
const maxWait = time.Minute

func parseStep(n *yaml.Node) (Step, error) {
	const form = "a step is one of navigate: ADDRESS, fill: {selector: CSS, value: TEXT}, click: CSS, wait: {selector: CSS}, wait: {url: PATTERN}, wait: {time: 2s}"
	s := Step{line: n.Line}
	// Only a decoder of its own refuses what it does not know.
	text, err := yaml.Marshal(n)
	if err != nil {
		return s, err
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if d.Decode(&s) != nil { // its message may repeat a value
		return s, errors.New(form)
	}
	given := 0
	for _, is := range []bool{s.Navigate != "", s.Fill != nil, s.Click != "", s.Wait != nil} {
		if is {
			given++
		}
	}
	if given != 1 || s.Fill != nil && s.Fill.Selector == "" {
		return s, errors.New(form)
	}
	if w := s.Wait; w != nil {
		ways := 0
		for _, is := range []bool{w.Selector != "", w.URL != "", w.Time != 0} {
			if is {
				ways++
			}
		}
		if ways != 1 || w.Time < 0 {
			return s, errors.New(form)
		}
		if w.Time > maxWait {
			return s, fmt.Errorf("a wait is at most %s", maxWait)
		}
	}
	return s, nil
}

// String tells a step without what it fills in.
func (s *Step) String() string {
	switch {
	case s.Navigate != "":
		return "navigate " + s.Navigate
	case s.Fill != nil:
		return "fill " + s.Fill.Selector
	case s.Click != "":
		return "click " + s.Click
	case s.Wait.Selector != "":
		return "wait for " + s.Wait.Selector
	case s.Wait.URL != "":
		return "wait for the address " + s.Wait.URL
	}
	return "wait " + s.Wait.Time.String()
}

// fits matches an address, or its path, with a pattern of "*".
func fits(pattern, address string) bool {
	if u, err := url.Parse(address); err == nil && strings.HasPrefix(pattern, "/") {
		address = u.RequestURI()
	}
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(address, parts[0])
	for i := 1; ok && i < len(parts); i++ {
		if i == len(parts)-1 {
			return strings.HasSuffix(rest, parts[i])
		}
		_, rest, ok = strings.Cut(rest, parts[i])
	}
	return ok && rest == ""
}
