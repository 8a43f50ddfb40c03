package main

import (
	"context"
	"errors"
	"slices"

	"github.com/urfave/cli/v3"
)

func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "render a stored scan again",
		ArgsUsage: "[SCAN]",
		Description: "SCAN is an ID, the beginning of one, or a site, whose latest scan is taken.\n" +
			"Without SCAN it is the latest scan of all. With --fail-on the exit code is that of the scan\n" +
			"(3 or 4), otherwise 0 once the report is written.\n" +
			"With --profile, --knowledge or --suppressions the stored evidence is judged anew; what is\n" +
			"stored stays as it is.",
		Flags:  append(slices.Concat(auditFlags(), outputFlags()), dbFlag(), browserPathFlag(), failOnFlag(noSeverity), quietFlag()),
		Action: runReport,
	}
}

func runReport(ctx context.Context, cmd *cli.Command) (err error) {
	severity, err := failOn(cmd)
	if err != nil {
		return err
	}
	outs, err := openOutputs(ctx, cmd, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, outs.close()) }()
	r, err := storedReport(ctx, cmd)
	if err != nil {
		return err
	}
	if err := outs.write(r); err != nil {
		return err
	}
	if !cmd.IsSet("fail-on") {
		return nil
	}
	t := tally{failOn: severity}
	t.add(r)
	return t.result(cmd.Bool("quiet"))
}
