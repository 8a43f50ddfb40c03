package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/declared"
	"cookieaudit/audit/profile"
	"cookieaudit/audit/purpose"
	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/config"
)

// auditFlags say by what a scan is judged.
func auditFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "profile", Value: profile.Default, Usage: "legal `PROFILE`: " + strings.Join(profile.Names(), ", ") + ", or a file of your own"},
		knowledgeFlag(),
		&cli.BoolFlag{Name: "strict", Usage: "compare declared and observed lifetimes with a tolerance of a twentieth, not of a half"},
		&cli.StringFlag{Name: "suppressions", TakesFile: true, Usage: "`FILE` of findings that were reviewed and are accepted for now (cookieaudit.yaml)"},
	}
}

func knowledgeFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "knowledge", TakesFile: true, Usage: "`FILE` with what you know of cookies and hosts; its rows win"}
}

// newEngine builds the audit with every rule under the default profile;
// knowledge adds to what is known of cookies and hosts.
func newEngine(knowledge ...[]byte) (*audit.Engine, *purpose.Classifier, error) {
	c, err := purpose.New(knowledge...)
	if err != nil {
		return nil, nil, fmt.Errorf("read what is known of cookies: %w", err)
	}
	all := rules.All()
	p, err := profile.BuiltIn(profile.Default, all)
	if err != nil {
		return nil, nil, err
	}
	return &audit.Engine{Rules: all, Classifier: c, Matcher: declared.Matcher{}, Profile: p}, c, nil
}

// engineOf builds the audit that auditFlags ask for.
func engineOf(cmd *cli.Command) (*audit.Engine, *purpose.Classifier, error) {
	knowledge, err := ownKnowledge(cmd)
	if err != nil {
		return nil, nil, err
	}
	e, known, err := newEngine(knowledge...)
	if err != nil {
		return nil, nil, usagef(cmd, "%w", err)
	}
	if e.Profile, err = profileOf(cmd, e.Rules); err != nil {
		return nil, nil, err
	}
	e.Strict = cmd.Bool("strict")
	if file := cmd.String("suppressions"); file != "" {
		c, err := config.Load(file, nil)
		if err != nil {
			return nil, nil, usagef(cmd, "--suppressions: %w", err)
		}
		e.Suppressions = c.Suppressions
	}
	return e, known, nil
}

func profileOf(cmd *cli.Command, all []audit.Rule) (audit.Profile, error) {
	p, err := readProfile(cmd.String("profile"), all)
	if err != nil {
		return p, usagef(cmd, "--profile %w", err)
	}
	return p, nil
}

// readProfile returns the built-in profile of that name, or the one in a file.
func readProfile(name string, all []audit.Rule) (audit.Profile, error) {
	if slices.Contains(profile.Names(), name) {
		return profile.BuiltIn(name, all)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return audit.Profile{}, fmt.Errorf("%q: use one of %s, or a file that exists", name, strings.Join(profile.Names(), ", "))
	}
	p, err := profile.Parse(data, all)
	if err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// judgesAnew reports whether a flag asks for a judgement other than the stored
// one.
func judgesAnew(cmd *cli.Command) bool {
	return cmd.IsSet("profile") || cmd.IsSet("knowledge") || cmd.IsSet("suppressions") || cmd.IsSet("strict")
}
