package main

import (
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"cookieaudit/fixtures"
	"cookieaudit/fixtures/hostile"
)

// TestBrowserScripts runs the commands that need a browser against the local
// sites, which they find with --resolve $TLS.
func TestBrowserScripts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	server, err := fixtures.Serve(fixtures.Options{Handlers: hostile.Handlers()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/browser",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exit": exits, "har": harFiles},
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("COOKIEAUDIT_BROWSER", os.Getenv("COOKIEAUDIT_BROWSER"))
			for _, rule := range server.Resolve() {
				if addr, ok := strings.CutPrefix(rule, "clean.test:443:"); ok {
					env.Setenv("TLS", "*:443:"+addr)
				}
			}
			return nil
		},
	})
}
