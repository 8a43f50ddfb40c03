package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted is the cause of the context's end after a signal.
var errInterrupted = errors.New("interrupted")

// exitInterrupted is what shells report for a process that a signal ended
// (128 + SIGINT).
const exitInterrupted = 130

// interruptible returns a context that the first SIGINT or SIGTERM cancels, so
// that what was seen is still recorded and reported. The second one ends the
// process at once; its browser ends with it.
func interruptible(ctx context.Context, stderr io.Writer) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	stopped, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-signals:
		case <-stopped:
			return
		}
		if isTerminal(stderr) { // a log has lines of its own form, and nobody to press a key again
			fmt.Fprintln(stderr, "\ncookieaudit: stopping; what was seen is kept (once more: end at once)")
		}
		cancel(errInterrupted)
		select {
		case <-signals:
			os.Exit(exitInterrupted) //nolint:forbidigo // the user does not want to wait for an orderly end
		case <-stopped:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(stopped)
		<-ended
		cancel(nil)
	}
}
