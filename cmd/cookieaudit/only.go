package main

import (
	"slices"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/report"
)

func onlyFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "only", Usage: "show the findings of `RULE` only, such as 'PRE_CONSENT_*'; the exit code is still that of all rules"}
}

// onlyRules reads onlyFlag. A pattern that names no rule is a slip of the pen:
// what it shows would look like a site without faults.
func onlyRules(cmd *cli.Command) ([]string, error) {
	patterns := cmd.StringSlice("only")
	for _, p := range patterns {
		if !slices.ContainsFunc(rules.All(), func(r audit.Rule) bool { return report.MatchRule(p, r.ID) }) {
			return nil, usagef(cmd, "--only %q names no rule: cookieaudit rules lists them", p)
		}
	}
	return patterns, nil
}
