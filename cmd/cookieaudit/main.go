// Command cookieaudit scans websites before and after consent, compares the
// cookies that it sees with those that the site declares, and reports what does
// not fit.
package main

import (
	"context"
	"os"
)

// version is stamped by the linker; see the Makefile.
var version = "dev"

func main() {
	ctx, stop := interruptible(context.Background(), os.Stderr)
	err := newApp(os.Stdin, os.Stdout, os.Stderr).Run(ctx, os.Args)
	stop()
	os.Exit(exitCode(err, os.Stderr)) //nolint:forbidigo // the one place that ends the process in order
}
