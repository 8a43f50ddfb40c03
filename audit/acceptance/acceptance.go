// Package acceptance reads the file in which a team names the findings that it
// has reviewed and accepts for a while.
package acceptance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cookieaudit/audit"
)

// Parse reads suppressions of the form
//
//	suppressions:
//	  - {rule: UNDECLARED_COOKIE, site: "*.example.org", subject: "lb*",
//	     reason: in the next version of the policy, owner: privacy team, expires: 2027-03-31}
//
// Every field but site and subject is required, and a rule must exist: a slip
// must not accept anything by accident.
func Parse(data []byte, rules []audit.Rule) ([]audit.Suppression, error) {
	var f struct {
		Suppressions []struct {
			Rule    string `yaml:"rule"`
			Site    string `yaml:"site"`
			Subject string `yaml:"subject"`
			Reason  string `yaml:"reason"`
			Owner   string `yaml:"owner"`
			Expires string `yaml:"expires"`
		} `yaml:"suppressions"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the suppressions: %w", err)
	}
	var out []audit.Suppression
	for i, s := range f.Suppressions {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("read the suppressions: number %d: %w", i+1, fmt.Errorf(format, args...))
		}
		if !slices.ContainsFunc(rules, func(r audit.Rule) bool { return r.ID == s.Rule }) {
			return nil, fail("there is no rule %q", s.Rule)
		}
		if strings.TrimSpace(s.Reason) == "" || strings.TrimSpace(s.Owner) == "" {
			return nil, fail("a reason and an owner are required")
		}
		if _, err := time.Parse(time.DateOnly, s.Expires); err != nil {
			return nil, fail("expires: write a day such as 2027-03-31")
		}
		out = append(out, audit.Suppression{
			Rule: s.Rule, Site: s.Site, Subject: s.Subject, Acceptance: audit.Acceptance{Reason: s.Reason, Owner: s.Owner, Expires: s.Expires},
		})
	}
	return out, nil
}
