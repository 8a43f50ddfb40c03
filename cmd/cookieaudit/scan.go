package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/report"
)

func scanCommand() *cli.Command {
	flags := slices.Concat(crawlFlags(), bundleFlags(), auditFlags(), outputFlags())
	return &cli.Command{
		Name:      "scan",
		Usage:     "scan sites now and print the findings",
		ArgsUsage: "URL...",
		Description: "Visits each site once per phase (before an answer, after a refusal, after an\n" +
			"acceptance), keeps the record in the database and prints what does not fit. A site\n" +
			"that cannot be reached is recorded too, and the others go on.",
		Flags: append(flags,
			&cli.StringSliceFlag{Name: "url-list", Usage: "scan the sites in `FILE`, one per line; - is stdin; may be repeated", TakesFile: true},
			dbFlag(), failOnFlag(string(audit.High)), parallelFlag(), quietFlag(),
		),
		Action: runScan,
	}
}

func runScan(ctx context.Context, cmd *cli.Command) (err error) {
	severity, err := failOn(cmd)
	if err != nil {
		return err
	}
	lists := cmd.StringSlice("url-list")
	sites, err := readTargets(cmd.Args().Slice(), lists, cmd.Root().Reader)
	switch {
	case err != nil:
		return usagef(cmd, "%w", err)
	case len(sites) == 0 && len(lists) > 0:
		return usagef(cmd, "%s names no site", strings.Join(lists, ", "))
	case len(sites) == 0:
		return usagef(cmd, "a URL is missing: cookieaudit scan https://example.org")
	}
	config, err := crawlConfig(cmd, sites)
	if err != nil {
		return err
	}
	j, err := newJob(cmd)
	if err != nil {
		return err
	}
	if j.bundler, err = newBundler(cmd); err != nil {
		return err
	}
	config.KeepValues = cmd.Bool("keep-values")
	engine, known, err := engineOf(cmd)
	if err != nil {
		return err
	}
	config.Datasets, config.Profile = known.Datasets(), engine.Profile.Name
	j.config, j.sites, j.db, j.failOn = config, sites, cmd.String("db"), severity

	only, err := onlyRules(cmd)
	if err != nil {
		return err
	}
	outs, err := openOutputs(ctx, cmd, len(sites))
	if err != nil {
		return err
	}
	var all []*report.Report
	t, err := j.run(ctx, engine, func(r *report.Report) error {
		all = append(all, brief(r))
		return outs.write(r.OnlyRules(only))
	})
	if len(all) > 1 && outs.tableOnStdout() {
		fmt.Fprintln(cmd.Root().Writer)
		err = errors.Join(err, report.WriteSummary(cmd.Root().Writer, all, tableOptions(cmd)))
	}
	if err := errors.Join(err, outs.close()); err != nil {
		return err
	}
	return t.result(cmd.Bool("quiet"))
}
