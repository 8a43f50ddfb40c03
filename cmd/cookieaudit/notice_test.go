package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNotice wants NOTICE to name every module that is compiled into the
// program, and no other.
func TestNotice(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	compiled := strings.Fields(string(out))
	slices.Sort(compiled)
	compiled = slices.Compact(compiled)

	var named []string
	for line := range strings.Lines(readFile(t, "../../NOTICE")) {
		// Two fields, indented: a module and its licence.
		if f := strings.Fields(line); strings.HasPrefix(line, "  ") && len(f) > 1 && strings.Contains(f[0], "/") && strings.Contains(f[0], ".") {
			named = append(named, f[0])
		}
	}
	if diff := cmp.Diff(compiled, named); diff != "" {
		t.Errorf("NOTICE differs from what is compiled in (-compiled +named):\n%s", diff)
	}
}
