package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/crawler"
	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

const (
	defaultDB      = "cookieaudit.db"
	defaultPages   = 2 // beside the landing page
	defaultTimeout = 30 * time.Second
	noSeverity     = "none"
)

func settleModes() []string { return []string{crawler.Virtual, crawler.Real} }

func failOnValues() []string { return append(texts(audit.Severities()), noSeverity) }

func dbFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "db", Aliases: []string{"database"}, Value: defaultDB, TakesFile: true,
		Usage:   "database `FILE`, or postgres://USER@HOST/NAME (a password is better in the variable PGPASSWORD)",
		Sources: cli.EnvVars("COOKIEAUDIT_DB"),
	}
}

func quietFlag() cli.Flag {
	return &cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress and no log on stderr, only errors"}
}

func failOnFlag(value string) cli.Flag {
	return &cli.StringFlag{
		Name: "fail-on", Value: value,
		Usage: "exit with 3 from this `SEVERITY` on: " + strings.Join(failOnValues(), ", "),
	}
}

func browserPathFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "browser", TakesFile: true,
		Usage: "the browser's `PATH` (default: $" + browser.EnvPath + ", else an installed one)",
	}
}

// browserFlags say which browser is used and how it reaches the sites.
func browserFlags() []cli.Flag {
	return []cli.Flag{
		browserPathFlag(),
		&cli.BoolFlag{Name: "insecure", Usage: "accept certificates that cannot be verified (staging sites)"},
		&cli.StringSliceFlag{Name: "resolve", Usage: "`HOST:PORT:ADDR`: connect to ADDR, as curl has it; HOST may be *"},
		&cli.DurationFlag{Name: "timeout", Value: defaultTimeout, Usage: "longest `TIME` for one page"},
	}
}

// crawlFlags say how a site is visited.
func crawlFlags() []cli.Flag {
	return append(slices.Concat(browserFlags(), choiceFlags(), pageFlags(), startFlags()),
		namesFlag(),
		&cli.StringSliceFlag{Name: "policy", Usage: "`URL|FILE` to read instead of looking for the policy"},
		&cli.StringFlag{
			Name: "settle", Value: settleModes()[0],
			Usage: "time in which pages come to rest, `MODE` virtual (fast) or real (not accelerated)",
		},
	)
}

// crawlConfig reads browserFlags and crawlFlags for a scan of sites.
func crawlConfig(cmd *cli.Command, sites []evidence.Site) (crawler.Config, error) {
	c := browserConfig(cmd)
	var err error
	if c.Pages, c.Select, err = pageSelection(cmd, sites); err != nil {
		return c, err
	}
	if c.Start, err = startState(cmd, len(sites)); err != nil {
		return c, err
	}
	if err = askNames(cmd.String("dns"), &c); err != nil {
		return c, usagef(cmd, "--dns: %w", err)
	}
	c.Policies = cmd.StringSlice("policy")
	c.Settle = cmd.String("settle")
	if c.PageTimeout <= 0 {
		return c, usagef(cmd, "--timeout %s: a page needs some time", c.PageTimeout)
	}
	if err := oneOf(cmd, "settle", c.Settle, settleModes()); err != nil {
		return c, err
	}
	for _, p := range c.Policies {
		if err := readable(p); err != nil {
			return c, usagef(cmd, "--policy %s: %w (an address begins with https://)", p, err)
		}
	}
	err = readChoices(cmd, &c)
	return c, err
}

// readable tells what is wrong with a policy that is a file: minutes later the
// scan would be incomplete for a slip of the pen.
func readable(policy string) error {
	if policy == "-" || strings.HasPrefix(policy, "https://") || strings.HasPrefix(policy, "http://") {
		return nil
	}
	_, err := os.Stat(policy)
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

func browserConfig(cmd *cli.Command) crawler.Config {
	return crawler.Config{
		BrowserPath: cmd.String("browser"),
		Insecure:    cmd.Bool("insecure"),
		Resolve:     cmd.StringSlice("resolve"),
		PageTimeout: cmd.Duration("timeout"),
		ToolVersion: version,
	}
}

// failOn returns the severity from which on a violation makes the command
// fail; empty for none.
func failOn(cmd *cli.Command) (audit.Severity, error) {
	v := cmd.String("fail-on")
	if err := oneOf(cmd, "fail-on", v, failOnValues()); err != nil {
		return "", err
	}
	if v == noSeverity {
		return "", nil
	}
	return audit.Severity(v), nil
}

// oneOf refuses a value of a flag that is not in the list, and says the list.
func oneOf(cmd *cli.Command, flag, value string, valid []string) error {
	if slices.Contains(valid, value) {
		return nil
	}
	return usagef(cmd, "--%s %q: use one of %s", flag, value, strings.Join(valid, ", "))
}

func texts[T ~string](xs []T) []string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = string(x)
	}
	return out
}
