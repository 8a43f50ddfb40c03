package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/profile"
	"cookieaudit/audit/purpose"
	"cookieaudit/crawler"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
	"cookieaudit/report"
)

const (
	demoFolder = "cookieaudit-demo"
	demoDB     = "demo.db"
)

func demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "scan the built-in sites, without a network",
		Description: "Serves invented sites on this machine, scans them in a real browser and writes HTML,\n" +
			"CSV and JSON. Nothing beyond this machine is contacted. What it finds was planted, so\n" +
			"that the exit code is 0 once every site was looked at.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Value: demoFolder, Usage: "write to folder `DIR`", TakesFile: true},
			browserPathFlag(), parallelFlag(), quietFlag(),
		},
		Action: runDemo,
	}
}

func runDemo(ctx context.Context, cmd *cli.Command) (err error) {
	if err := atMost(cmd, 0); err != nil {
		return err
	}
	j, err := newJob(cmd)
	if err != nil {
		return err
	}
	if j.sites, err = demoSites(); err != nil {
		return err
	}
	engine, known, err := demoEngine()
	if err != nil {
		return err
	}
	dir := cmd.String("out")
	j.db = filepath.Join(dir, demoDB)
	if err := freshFolder(dir, j.db); err != nil {
		return err
	}
	server, err := fixtures.Serve(fixtures.Options{})
	if err != nil {
		return fmt.Errorf("serve the demo's sites: %w", err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	j.config = demoConfig(cmd, server)
	j.config.Datasets = known.Datasets()

	formats, err := folderFormats()
	if err != nil {
		return err
	}
	pages, err := openFolder(dir, formats, nil)
	if err != nil {
		return err
	}
	var all []*report.Report
	t, err := j.run(ctx, engine, func(r *report.Report) error {
		all = append(all, brief(r))
		return pages.write(r)
	})
	if err := errors.Join(err, pages.close()); err != nil {
		return err
	}
	w := cmd.Root().Writer
	if err := report.WriteSummary(w, all, tableOptions(cmd)); err != nil {
		return err
	}
	fmt.Fprintf(w, `
Open:     %s (a page for each site)
Tables:   %s
Database: %s
Details:  %[4]s report --db %[3]s --details SITE

The sites are invented, and their faults were planted.
`, filepath.Join(dir, "index.html"), filepath.Join(dir, "*.csv"), j.db, os.Args[0])
	// The findings were expected: only a demo that could not look has failed.
	return t.result(false)
}

func demoEngine() (*audit.Engine, *purpose.Classifier, error) {
	knowledge, err := fixtures.Knowledge()
	if err != nil {
		return nil, nil, err
	}
	return newEngine(knowledge)
}

// freshFolder makes the folder and removes the database of an earlier demo.
func freshFolder(dir, db string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(db + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the database of an earlier demo: %w", err)
		}
	}
	return nil
}

func demoSites() ([]evidence.Site, error) {
	all, err := fixtures.Sites()
	if err != nil {
		return nil, err
	}
	var sites []evidence.Site
	for _, s := range all {
		site, err := discover.ParseSite(s.URL)
		if err != nil {
			return nil, err
		}
		sites = append(sites, site)
	}
	return sites, nil
}

func demoConfig(cmd *cli.Command, server *fixtures.Server) crawler.Config {
	return crawler.Config{
		BrowserPath: cmd.String("browser"), ToolVersion: version,
		// The sites' certificates come from an authority of the demo's own.
		Insecure: true,
		Resolve:  server.Resolve(), Offline: true, Names: server.Names(),
		Pages: defaultPages, Phases: evidence.DefaultPhases(), PageTimeout: defaultTimeout,
		Settle: settleModes()[0], Profile: profile.Default,
	}
}
