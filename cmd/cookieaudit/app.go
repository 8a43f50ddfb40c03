package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/urfave/cli/v3"
)

// newApp builds the command tree around the three streams.
func newApp(in io.Reader, out, errs io.Writer) *cli.Command {
	root := &cli.Command{
		Name:    "cookieaudit",
		Usage:   "audit a website's cookies before and after consent",
		Version: version,
		Description: "cookieaudit visits a site in a real Chrome, answers its banner, records every\n" +
			"cookie with its setter and lifetime, and compares that with the cookie table that\n" +
			"the site publishes.\n\n" +
			"Exit codes: 0 nothing found at or above --fail-on, 1 the tool failed, 2 usage,\n" +
			"3 potential non-compliance found, 4 the scan is incomplete (3 wins over 4).",
		Reader: in, Writer: out, ErrWriter: errs,
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
			c.Usage = "print a shell completion script (bash, zsh, fish, pwsh)"
		},
		Suggest: true,
		// Exit codes are mapped in one place, exitCode.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		OnUsageError:   usageProblem,
		Action:         unknownCommand,
		Commands: []*cli.Command{
			scanCommand(), demoCommand(), policyCommand(), evidenceCommand(),
			reportCommand(), exportCommand(), declareCommand(), diffCommand(), historyCommand(),
			pruneCommand(), backupCommand(),
			serveCommand(), workCommand(), enqueueCommand(), configCommand(), userCommand(),
			rulesCommand(), knowledgeCommand(), doctorCommand(),
		},
	}
	for _, c := range root.Commands {
		c.HideHelpCommand = true // "help" can be an argument
		c.DisableSliceFlagSeparator = true
		c.OnUsageError = usageProblem
	}
	return root
}

func usageProblem(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	if strings.Contains(err.Error(), "in duration ") {
		err = fmt.Errorf("%w; a time has a unit: 30s, 2m", err)
	}
	return &usageError{err: err, command: cmd.FullName()}
}

func unknownCommand(_ context.Context, cmd *cli.Command) error {
	var names []string
	for _, c := range cmd.Commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	known := strings.Join(names, ", ")
	if !cmd.Args().Present() {
		return usagef(cmd, "a command is missing: one of %s", known)
	}
	given := cmd.Args().First()
	if strings.ContainsAny(given, "./:") {
		return usagef(cmd, "there is no command %q; did you mean: cookieaudit scan %s", given, given)
	}
	return usagef(cmd, "there is no command %q: use one of %s", given, known)
}

// atMost refuses arguments beyond the nth.
func atMost(cmd *cli.Command, n int) error {
	if cmd.Args().Len() <= n {
		return nil
	}
	return usagef(cmd, "unexpected argument %q", cmd.Args().Get(n))
}

// printable replaces control characters: part of a message can come from a site.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
