package policy_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/policy"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// TestLayouts reads one document per layout and language. What is expected of
// each stands in the .want file beside it, one fact a line.
func TestLayouts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".want") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := policy.Read(policy.Input{URL: file, Body: body})
			if err != nil {
				t.Fatal(err)
			}
			got := facts(doc)
			golden := file + ".want"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// facts writes what a document declares and claims, one fact a line.
func facts(doc *policy.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s none=%t\n", doc.Format, doc.Language, doc.DeclaresNone)
	for _, w := range wantedOf(doc.Declarations) {
		fmt.Fprintf(&b, "%s | %s | %s | %s | %s = %d | %s\n", w.Name, w.Host, w.Provider, w.Category, w.Lifetime, w.Life, w.Storage)
	}
	for _, c := range wantedClaims(doc.Claims) {
		fmt.Fprintf(&b, "%s | %s %v | %s | %s\n", c.Kind, c.Scope, c.Subjects, c.Except, c.Quote)
	}
	return b.String()
}
