package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"cookieaudit/audit"
	"cookieaudit/audit/purpose"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/crawler"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// crawlOf is how sites with these options are scanned. It reads the secrets and
// files that the options name.
func crawlOf(o config.Options) (crawler.Config, error) {
	c := crawler.Config{
		Insecure: o.Insecure, Resolve: o.Resolve, Pages: o.Pages, Phases: o.Phases,
		NoScreenshots: o.NoScreenshots, PageTimeout: o.PageTimeout, Settle: o.Settle, Policies: o.Policies, ToolVersion: version,
		Select: crawler.Select{Named: o.Page, HonourRobots: o.HonourRobots},
	}
	for _, name := range o.Choose {
		c.Choose = append(c.Choose, evidence.Category(name))
	}
	for _, p := range o.Include {
		c.Select.Include = append(c.Select.Include, discover.Pattern(p))
	}
	for _, p := range o.Exclude {
		c.Select.Exclude = append(c.Select.Exclude, discover.Pattern(p))
	}
	for _, p := range o.Policies {
		if err := readable(p); err != nil {
			return c, fmt.Errorf("policy %s: %w", p, err)
		}
	}
	var err error
	if c.Recipes, err = readRecipes(o.Recipes); err != nil {
		return c, fmt.Errorf("recipes: %w", err)
	}
	r := startReader{sites: 1}
	r.Locale, r.Timezone, r.UserAgent, r.Device, r.GPC, r.DNT = o.Locale, o.Timezone, o.UserAgent, o.Device, o.GPC, o.DNT
	given := startValues{cookies: o.Cookies, headers: o.Headers, storage: o.Storage, login: o.Login, geolocation: o.Geolocation, proxy: o.Proxy}
	if what, err := r.readAll(given); err != nil {
		return c, fmt.Errorf("%s: %w", what, err)
	}
	c.Start = r.Start
	if err := askNames(cmp.Or(o.DNS, dnsSystem), &c); err != nil {
		return c, fmt.Errorf("dns: %w", err)
	}
	return c, nil
}

// checkOptions says what of options cannot be brought about. It needs no secret
// to be there, so that a file can be checked where none is.
func checkOptions(o config.Options) error {
	o.Cookies, o.Headers, o.Storage, o.Login, o.Proxy = nil, nil, "", "", ""
	c, err := crawlOf(o)
	if err != nil {
		return err
	}
	made, err := crawler.New(context.Background(), c)
	if err != nil {
		return err
	}
	return made.Close()
}

// engineFor is what judges scans that were made with these options.
func engineFor(o config.Options) (*audit.Engine, *purpose.Classifier, error) {
	knowledge, err := readKnowledge(o.Knowledge)
	if err != nil {
		return nil, nil, err
	}
	engine, known, err := newEngine(knowledge...)
	if err != nil {
		return nil, nil, err
	}
	if engine.Profile, err = readProfile(o.Profile, engine.Rules); err != nil {
		return nil, nil, err
	}
	engine.Suppressions = o.Suppressions
	return engine, known, nil
}

// An opener opens what scans and judges sites with the same options.
type opener struct {
	browserPath string // empty finds one
	guard       *crawler.Guard
	db          bundledStore
	command     []string // of the process, for evidence
	log         *slog.Logger
}

func (op *opener) open(ctx context.Context, o config.Options) (jobs.Line, error) {
	c, err := crawlOf(o)
	if err != nil {
		return jobs.Line{}, err
	}
	engine, known, err := engineFor(o)
	if err != nil {
		return jobs.Line{}, err
	}
	line := jobs.Line{Auditor: engine}
	if o.Evidence != "" {
		made, what, err := bundleOptions(o.Evidence, o.EvidenceKey, o.TimestampURL)
		if err != nil {
			return line, fmt.Errorf("%s: %w", what, err)
		}
		made.Command = op.command
		b := &bundler{db: op.db, options: made, captures: map[string]*evidence.Capture{}}
		line.Evidence, c.Capture = b, b.capture
	}
	c.Datasets, c.Profile = known.Datasets(), engine.Profile.Name
	c.BrowserPath, c.Guard, c.Log = op.browserPath, op.guard, op.log
	made, err := crawler.New(ctx, c)
	if err != nil {
		return line, err
	}
	line.Crawler, line.Close = made, made.Close
	return line, nil
}

// readConfig reads a configuration for a command: what is wrong with the file is
// a mistake of usage, with every place named.
func readConfig(name string) (*config.Config, error) {
	c, err := config.Load(name, checkOptions)
	var ps config.Problems
	if errors.As(err, &ps) {
		return nil, &usageError{err: ps, command: "cookieaudit config"}
	}
	return c, err
}
