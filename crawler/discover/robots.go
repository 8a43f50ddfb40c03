package discover

import (
	"net/url"
	"strings"
)

// Bounds of a robots.txt. RFC 9309 section 2.5 has crawlers read at least 500 KiB.
const (
	maxRobots      = 500 << 10
	maxRobotsBytes = 4 << 20 // a longer one is no robots.txt
	maxRules       = 500
	maxNamedMaps   = 20
)

// agentToken is the name that a robots.txt can speak to us by.
const agentToken = "cookieaudit"

// robots is what a robots.txt says to us: the rules of the group for our name,
// else of the group for everybody (RFC 9309 section 2.2.1).
type robots struct {
	rules    []robotsRule
	sitemaps []string // as written
}

type robotsRule struct {
	allow   bool
	pattern string
	whole   bool // the pattern ended with "$"
}

// parseRobots reads a robots.txt. What it does not know it skips, as the RFC
// demands.
func parseRobots(body []byte) robots {
	var r robots
	var ours, everybody []robotsRule
	var toUs, toAll, named, inAgents bool
	for line := range strings.Lines(string(body[:min(len(body), maxRobots)])) {
		line, _, _ = strings.Cut(strings.TrimPrefix(line, "\ufeff"), "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch key = strings.ToLower(strings.TrimSpace(key)); key {
		case "user-agent":
			if !inAgents { // a new group
				toUs, toAll, inAgents = false, false, true
			}
			agent, _, _ := strings.Cut(strings.ToLower(value), "/")
			toUs = toUs || agent == agentToken
			toAll = toAll || value == "*"
			named = named || toUs
		case "allow", "disallow":
			inAgents = false
			rule, ok := newRobotsRule(key == "allow", value)
			if ok && toUs && len(ours) < maxRules {
				ours = append(ours, rule)
			}
			if ok && toAll && len(everybody) < maxRules {
				everybody = append(everybody, rule)
			}
		case "sitemap":
			if len(r.sitemaps) < maxNamedMaps {
				r.sitemaps = append(r.sitemaps, value)
			}
		}
	}
	r.rules = everybody
	if named {
		r.rules = ours
	}
	return r
}

func newRobotsRule(allow bool, value string) (robotsRule, bool) {
	pattern, whole := strings.CutSuffix(value, "$")
	if value == "" || len(value) > maxPattern {
		return robotsRule{}, false // an empty rule rules nothing out
	}
	return robotsRule{allow: allow, pattern: unescape(pattern), whole: whole}, true
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// disallows reports whether a page is ruled out: the longest pattern that fits
// decides, and among equals the one that allows (RFC 9309 section 2.2.2).
func (r *robots) disallows(u *url.URL) bool {
	longest, allowed := -1, true
	text := u.Path
	if u.RawQuery != "" {
		text += "?" + u.RawQuery
	}
	for _, x := range r.rules {
		n := len(x.pattern)
		if (n > longest || n == longest && x.allow) && wild(x.pattern, text, x.whole) {
			longest, allowed = n, x.allow
		}
	}
	return !allowed
}
