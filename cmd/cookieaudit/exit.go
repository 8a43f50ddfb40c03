package main

import (
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/urfave/cli/v3"
)

// The exit codes are API. Where several apply the first of failed, violations
// and incomplete wins: a violation that was seen stands, however much of the
// scan could not be looked at.
const (
	exitClean      = 0 // nothing at or above --fail-on
	exitFailed     = 1 // the tool itself failed
	exitUsage      = 2 // the command line is wrong
	exitViolations = 3 // violations at or above --fail-on
	exitIncomplete = 4 // something could not be looked at
)

// A usageError is a mistake on the command line.
type usageError struct {
	err error
	// command is what --help is to be asked of.
	command string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(cmd *cli.Command, format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...), command: cmd.FullName()}
}

// A resultError carries the exit code of a command that did its work and has
// something to say: its results are already written.
type resultError struct {
	code int
	why  string // empty where stderr is to stay quiet
}

func (e *resultError) Error() string { return e.why }

// exitCode maps the error of a command to the exit code, and says on stderr
// what went wrong.
func exitCode(err error, stderr io.Writer) int {
	if err == nil {
		return exitClean
	}
	var result *resultError
	if errors.As(err, &result) {
		if result.why != "" {
			fmt.Fprintln(stderr, "cookieaudit:", printable(result.why))
		}
		return result.code
	}
	fmt.Fprintln(stderr, "cookieaudit:", printable(err.Error()))
	var usage *usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(stderr, "See '%s --help'.\n", usage.command)
		return exitUsage
	}
	// What the cli package returns by itself is about the command line, such as
	// help for a command that does not exist. A program that failed, such as a
	// browser, looks alike.
	var coder cli.ExitCoder
	var program *exec.ExitError
	if errors.As(err, &coder) && !errors.As(err, &program) {
		return exitUsage
	}
	return exitFailed
}
