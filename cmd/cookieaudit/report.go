package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v3"

	"cookieaudit/cmd/cookieaudit/internal/bundle"
	"cookieaudit/report"
)

func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "render a stored scan again",
		ArgsUsage: "[SCAN]",
		Description: "SCAN is an ID, the beginning of one, or a site, whose latest scan is taken.\n" +
			"Without SCAN it is the latest scan of all. With --fail-on the exit code is that of the scan\n" +
			"(3 or 4), otherwise 0 once the report is written.\n" +
			"--bundle takes a scan from an evidence bundle, of which nothing else is needed; one that is\n" +
			"not intact is refused (3).\n" +
			"With --profile, --knowledge or --suppressions the stored evidence is judged anew; what is\n" +
			"stored stays as it is.",
		Flags: append(slices.Concat(auditFlags(), outputFlags()),
			&cli.StringFlag{Name: "bundle", TakesFile: true, Usage: "take the scan from the evidence bundle in folder `DIR`, which is verified first"},
			dbFlag(), browserPathFlag(), failOnFlag(noSeverity), quietFlag()),
		Action: runReport,
	}
}

func runReport(ctx context.Context, cmd *cli.Command) (err error) {
	severity, err := failOn(cmd)
	if err != nil {
		return err
	}
	only, err := onlyRules(cmd)
	if err != nil {
		return err
	}
	outs, err := openOutputs(ctx, cmd, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, outs.close()) }()
	load := storedReport
	if cmd.String("bundle") != "" {
		load = bundledReport
	}
	r, err := load(ctx, cmd)
	if err != nil {
		return err
	}
	if err := outs.write(r.OnlyRules(only)); err != nil {
		return err
	}
	if !cmd.IsSet("fail-on") {
		return nil
	}
	t := tally{failOn: severity}
	t.add(r)
	return t.result(cmd.Bool("quiet"))
}

// bundledReport builds the report of an evidence bundle.
func bundledReport(_ context.Context, cmd *cli.Command) (*report.Report, error) {
	dir := cmd.String("bundle")
	if err := atMost(cmd, 0); err != nil {
		return nil, err
	}
	result, err := bundle.Verify(dir, bundle.Check{})
	if err != nil {
		return nil, err
	}
	if len(result.Problems) > 0 {
		return nil, &resultError{code: exitViolations, why: fmt.Sprintf("the bundle %s is not intact: %s; cookieaudit evidence verify names all", dir, result.Problems[0])}
	}
	record, err := bundle.Read(dir)
	if err != nil {
		return nil, err
	}
	r, err := reportOn(cmd, record.Scan, record.Judgement, nil)
	if err != nil {
		return nil, err
	}
	r.ComparePolicies(report.OnlyPolicies(record.Earlier), report.OnlyPolicies(record.Between))
	return r, nil
}
