package report_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"cookieaudit/report"
)

// htmlValidate is the npm package html-validate, which .ci/packages installs.
const htmlValidate = "../.ci/tools/node_modules/html-validate/bin/html-validate.mjs"

// htmlRules leave out what is a matter of taste: <!doctype> in small letters, and
// names and roles of elements that ARIA in HTML allows to have them.
const htmlRules = `{
	"root": true,
	"extends": ["html-validate:standard", "html-validate:a11y"],
	"rules": {
		"doctype-style": "off",
		"prefer-native-element": "off",
		"aria-label-misuse": ["error", {"allowAnyNamable": true}]
	}
}`

// markup writes every page of every sample, and the table of declare, to files.
func markup(t *testing.T, dir string) (files []string) {
	t.Helper()
	add := func(name string, write func(*bytes.Buffer) error) {
		file := filepath.Join(dir, name+".html")
		writeFile(t, file, write)
		files = append(files, file)
	}
	var entries []report.IndexEntry
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		entries = append(entries, report.IndexEntry{Report: r, Path: s.name + ".html"})
		add(s.name, func(b *bytes.Buffer) error { return report.WriteHTML(b, r, report.Options{}) })
		add(s.name+"-table", func(b *bytes.Buffer) error {
			b.WriteString("<!doctype html>\n<html lang=\"en\"><head><title>Cookies</title></head><body><h1>Policy</h1>\n")
			err := report.TableFormats()[0].Write(b, report.NewCookieTable(r, report.TableOptions{}))
			b.WriteString("</body></html>\n")
			return err
		})
	}
	add("index", func(b *bytes.Buffer) error { return report.WriteIndex(b, entries) })
	return files
}

// TestHTMLValidates has a validator that knows nothing of us read the pages.
func TestHTMLValidates(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed, so no validator reads the pages")
	}
	if _, err := os.Stat(htmlValidate); err != nil {
		t.Skipf("html-validate is not installed (make packages), so no validator reads the pages: %v", err)
	}
	dir := t.TempDir()
	rules := filepath.Join(dir, "rules.json")
	writeFile(t, rules, func(b *bytes.Buffer) error { b.WriteString(htmlRules); return nil })
	said := func(files ...string) (string, error) {
		out, err := exec.CommandContext(t.Context(), node, append([]string{htmlValidate, "--config", rules, "--formatter", "text"}, files...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := said(markup(t, dir)...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	wrong := filepath.Join(dir, "wrong.html")
	writeFile(t, wrong, func(b *bytes.Buffer) error { b.WriteString("<!doctype html><p><div></p>"); return nil })
	if out, err := said(wrong); err == nil {
		t.Errorf("the validator has nothing against a page that is wrong: %s", out)
	}
}

// TestXMLValidates has xmllint read what is XML: JUnit against a schema of what
// build servers have in common, and the charts inside pages.
func TestXMLValidates(t *testing.T) {
	t.Parallel()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed, so only Go's own reader checks XML; on Debian: make setup-test")
	}
	said := func(args ...string) error {
		out, err := exec.CommandContext(t.Context(), lint, append([]string{"--nonet", "--noout"}, args...)...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	dir := t.TempDir()
	schema := filepath.Join("testdata", "junit.xsd")
	for _, s := range samples() {
		file := filepath.Join(dir, s.name+".xml")
		writeFile(t, file, func(b *bytes.Buffer) error {
			return report.WriteJUnit(b, report.New(s.scan, s.judge), report.Options{})
		})
		if err := said("--schema", schema, file); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	charts := 0
	for _, page := range markup(t, dir) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, chart := range regexp.MustCompile(`(?s)<svg .*?</svg>`).FindAll(data, -1) {
			charts++
			file := filepath.Join(dir, "chart.svg")
			writeFile(t, file, func(b *bytes.Buffer) error { b.Write(chart); return nil })
			if err := said(file); err != nil {
				t.Errorf("a chart of %s: %v", filepath.Base(page), err)
			}
		}
	}
	if charts == 0 {
		t.Error("no page has a chart")
	}
	wrong := filepath.Join(dir, "wrong.xml")
	writeFile(t, wrong, func(b *bytes.Buffer) error {
		b.WriteString(`<testsuites><testsuite name="x" tests="all" failures="0" errors="0"/></testsuites>`)
		return nil
	})
	if said("--schema", schema, wrong) == nil {
		t.Error("the schema has nothing against a file that is wrong")
	}
}
