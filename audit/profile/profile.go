// Package profile reads legal profiles: what the law of a place changes of the
// rules. The built-in ones are data too.
package profile

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
)

//go:embed data/*.yaml
var builtIn embed.FS

// Default is the profile that holds where none is named.
const Default = "eu"

// Names lists the built-in profiles, the default first.
func Names() []string { return []string{Default, "fr", "de", "uk", "es", "it", "us-ca"} }

// BuiltIn returns a built-in profile by its name.
func BuiltIn(name string, rules []audit.Rule) (audit.Profile, error) {
	data, err := builtIn.ReadFile(path.Join("data", name+".yaml"))
	if err != nil {
		return audit.Profile{}, fmt.Errorf("there is no profile %q", name)
	}
	return Parse(data, rules)
}

// A file is a profile as written.
type file struct {
	Name  string   `yaml:"name"`
	Title string   `yaml:"title"`
	AsOf  string   `yaml:"as_of"`
	Basis []string `yaml:"basis"` // IDs of instruments
	// Places are where the instruments hold that hold here; none: all are cited.
	Places []string `yaml:"places"`
	// Instead names what is cited in place of an instrument, or of one of its
	// provisions, that holds elsewhere: the provision of the same number where
	// there is one.
	Instead map[string][]string `yaml:"instead"`
	Limits  struct {
		Choice           int64 `yaml:"choice_days"`
		StatisticsCookie int64 `yaml:"statistics_cookie_days"`
	} `yaml:"limits"`
	Statistics   *exception        `yaml:"statistics"`
	Preferences  *exception        `yaml:"preferences"`
	CloseRefuses bool              `yaml:"close_refuses"`
	Rules        map[string]change `yaml:"rules"`
	Adds         []struct {
		Cites []string `yaml:"cites"`
		Rules []string `yaml:"rules"`
	} `yaml:"adds"`
}

type exception struct {
	Conditions   string   `yaml:"conditions"`
	AfterRefusal bool     `yaml:"after_refusal"`
	Cites        []string `yaml:"cites"`
}

type change struct {
	Off       string          `yaml:"off"`
	Severity  audit.Severity  `yaml:"severity"`
	AtMost    audit.Severity  `yaml:"at_most"`
	Certainty audit.Certainty `yaml:"certainty"`
	Cites     []string        `yaml:"cites"`
}

// Parse reads a profile for a list of rules. An unknown field, rule, severity or
// instrument is an error: a slip must not leave a rule out in silence.
func Parse(data []byte, rules []audit.Rule) (audit.Profile, error) {
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return audit.Profile{}, fmt.Errorf("read the profile: %w", err)
	}
	p, err := f.profile(rules)
	if err != nil {
		return audit.Profile{}, fmt.Errorf("read the profile %q: %w", f.Name, err)
	}
	return p, nil
}

func (f *file) profile(rules []audit.Rule) (audit.Profile, error) {
	p := audit.Profile{
		Name: f.Name, Title: f.Title, AsOf: f.AsOf, CloseRefuses: f.CloseRefuses, Changes: map[string]audit.Change{},
		Limits: audit.Limits{Choice: f.Limits.Choice, StatisticsCookie: f.Limits.StatisticsCookie},
	}
	if f.Name == "" || f.Title == "" || len(f.Basis) == 0 {
		return p, errors.New("a profile needs a name, a title and the instruments of its basis")
	}
	if _, err := time.Parse(time.DateOnly, f.AsOf); err != nil {
		return p, fmt.Errorf("as_of: %w", err)
	}
	if _, err := citations(f.Basis); err != nil {
		return p, fmt.Errorf("basis: %w", err)
	}
	var err error
	if p.Instead, err = f.replaced(); err != nil {
		return p, err
	}
	if p.Statistics, err = f.Statistics.read(); err != nil {
		return p, fmt.Errorf("statistics: %w", err)
	}
	if p.Preferences, err = f.Preferences.read(); err != nil {
		return p, fmt.Errorf("preferences: %w", err)
	}
	known := func(id string) bool { return slices.ContainsFunc(rules, func(r audit.Rule) bool { return r.ID == id }) }
	for id, ch := range f.Rules {
		if !known(id) {
			return p, fmt.Errorf("there is no rule %q", id)
		}
		if p.Changes[id], err = ch.read(); err != nil {
			return p, fmt.Errorf("%s: %w", id, err)
		}
	}
	for _, a := range f.Adds {
		cites, err := citations(a.Cites)
		if err != nil {
			return p, fmt.Errorf("adds: %w", err)
		}
		for _, id := range a.Rules {
			if !known(id) {
				return p, fmt.Errorf("adds: there is no rule %q", id)
			}
			ch := p.Changes[id]
			ch.Cites = append(slices.Clone(ch.Cites), cites...)
			p.Changes[id] = ch
		}
	}
	return p, nil
}

// replaced reads what is cited for each provision that holds elsewhere only.
func (f *file) replaced() (map[law.Citation][]law.Citation, error) {
	for _, place := range f.Places {
		if !slices.Contains(law.Places(), place) {
			return nil, fmt.Errorf("places: %q is none of %s", place, strings.Join(law.Places(), ", "))
		}
	}
	given := map[string][]law.Citation{}
	for name, in := range f.Instead {
		if _, err := citations([]string{name}); err != nil {
			return nil, fmt.Errorf("instead: %w", err)
		}
		cites, err := citations(in)
		if err != nil {
			return nil, fmt.Errorf("instead of %s: %w", name, err)
		}
		given[name] = cites
	}
	if len(f.Places) == 0 {
		return nil, nil //nolint:nilnil // nothing is replaced
	}
	out := map[law.Citation][]law.Citation{}
	for _, c := range law.All() {
		id := c.Instrument.ID
		if c.Instrument.Place == "" || slices.Contains(f.Places, c.Instrument.Place) {
			continue
		}
		here, found := given[id+" "+c.Provision]
		if !found {
			here = sameProvision(given[id], c.Provision)
		}
		out[c] = here
	}
	return out, nil
}

// sameProvision narrows citations to those of a provision, where there are any.
func sameProvision(cs []law.Citation, provision string) []law.Citation {
	same := slices.DeleteFunc(slices.Clone(cs), func(c law.Citation) bool { return c.Provision != provision })
	if provision == "" || len(same) == 0 {
		return cs
	}
	return same
}

func (e *exception) read() (*audit.Exception, error) {
	if e == nil {
		return nil, nil //nolint:nilnil // no exemption is no error
	}
	if strings.TrimSpace(e.Conditions) == "" {
		return nil, errors.New("an exemption needs its conditions")
	}
	cites, err := citations(e.Cites)
	return &audit.Exception{Conditions: e.Conditions, AfterRefusal: e.AfterRefusal, Cites: cites}, err
}

func (c *change) read() (audit.Change, error) {
	for _, s := range []audit.Severity{c.Severity, c.AtMost} {
		if s != "" && !slices.Contains(audit.Severities(), s) {
			return audit.Change{}, fmt.Errorf("%q is no severity", s)
		}
	}
	if c.Certainty != "" && !slices.Contains([]audit.Certainty{audit.Confirmed, audit.Likely, audit.Possible}, c.Certainty) {
		return audit.Change{}, fmt.Errorf("%q is no certainty", c.Certainty)
	}
	cites, err := citations(c.Cites)
	return audit.Change{Off: c.Off, Severity: c.Severity, AtMost: c.AtMost, Certainty: c.Certainty, Cites: cites}, err
}

// citations reads names of instruments, each with its provision where it is
// one of several: "CNIL-2020-092 paragraph 34".
func citations(names []string) ([]law.Citation, error) {
	var out []law.Citation
	for _, name := range names {
		id, provision, _ := strings.Cut(name, " ")
		before := len(out)
		for _, c := range law.Of(id) {
			if provision == "" || c.Provision == provision {
				out = append(out, c)
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("no instrument is called %q", name)
		}
	}
	return out, nil
}
