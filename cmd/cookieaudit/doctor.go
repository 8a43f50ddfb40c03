package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/report"
)

func doctorCommand() *cli.Command {
	return &cli.Command{
		Name:        "doctor",
		Usage:       "say what this machine has and lacks",
		Description: "The exit code is 1 where a scan could not work.",
		Flags:       []cli.Flag{browserPathFlag(), dbFlag(), listFormatFlag()},
		Action:      runDoctor,
	}
}

// A health is the state of one thing that a scan needs.
type health string

const (
	healthy health = "ok"
	lacking health = "lacks" // a scan works, less well
	broken  health = "fails" // a scan cannot work
)

// A symptom is one line of the doctor's findings.
type symptom struct {
	What   string `json:"what"`
	Health health `json:"health"`
	Detail string `json:"detail"`
}

func runDoctor(ctx context.Context, cmd *cli.Command) error {
	if err := atMost(cmd, 0); err != nil {
		return err
	}
	format := cmd.String("format")
	if err := oneOf(cmd, "format", format, listFormats()); err != nil {
		return err
	}
	found := examineBrowser(ctx, cmd.String("browser"))
	found = append(found, examineDatabase(ctx, cmd.String("db")), examineFonts(), examineSandbox(), examinePDF())
	found = append(found, examineData()...)
	found = append(found, examineAutomation())

	w := cmd.Root().Writer
	var err error
	if format == "json" {
		err = report.WriteValue(w, found)
	} else {
		err = writeSymptoms(w, found)
	}
	if err != nil {
		return err
	}
	for _, s := range found {
		if s.Health == broken {
			return &resultError{exitFailed, "a scan cannot work on this machine"}
		}
	}
	return nil
}

func writeSymptoms(w io.Writer, found []symptom) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range found {
		fmt.Fprintf(t, "%s\t%s\t%s\n", s.Health, s.What, printable(s.Detail))
	}
	return t.Flush()
}

// examineBrowser starts the browser and makes it load a page with a third
// party: an installed browser that does not start, or that refuses third-party
// cookies, would show every site as clean.
func examineBrowser(ctx context.Context, path string) []symptom {
	const what, test = "browser", "third-party cookies"
	path, err := browser.Find(path)
	if err != nil {
		return []symptom{{what, broken, err.Error()}}
	}
	b, err := browser.Launch(ctx, browser.Options{Path: path})
	if err != nil {
		return []symptom{{what, broken, fmt.Sprintf("%s: %v", path, err)}}
	}
	found := []symptom{{what, healthy, fmt.Sprintf("%s %s (%s)", b.Info().Name, b.Info().Version, path)}}
	if !strings.Contains(filepath.Base(path), "headless") {
		found = append(found, symptom{"headless shell", lacking, "install chromium-headless-shell: it scans several times faster than the full browser"})
	}
	if err := errors.Join(b.SelfTest(ctx), b.Close()); err != nil {
		return append(found, symptom{test, broken, err.Error()})
	}
	return append(found, symptom{test, healthy, "stored and seen on a page of our own"})
}

// examineDatabase tells whether a scan could be recorded. It leaves no file.
func examineDatabase(ctx context.Context, path string) symptom {
	const what = "database"
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !store.IsServer(path) {
		f, err := os.CreateTemp(filepath.Dir(path), ".cookieaudit-doctor-*")
		if err != nil {
			return symptom{what, broken, fmt.Sprintf("%s cannot be created: %v", path, err)}
		}
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			return symptom{what, broken, fmt.Sprintf("the folder of %s: %v", path, err)}
		}
		return symptom{what, healthy, path + " will be created by the first scan"}
	}
	db, err := store.Open(ctx, path)
	if err != nil {
		return symptom{what, broken, err.Error()}
	}
	entries, err := db.History(ctx, store.Filter{})
	if err := errors.Join(err, db.Close()); err != nil {
		return symptom{what, broken, err.Error()}
	}
	return symptom{what, healthy, fmt.Sprintf("%s holds %s", store.NameOf(path), report.Plural(len(entries), "scan"))}
}

// examinePDF looks for the program that reads policies published as PDF.
func examinePDF() symptom {
	const what = "pdftotext"
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		return symptom{what, lacking, "install poppler-utils: a policy that is a PDF cannot be read without it"}
	}
	return symptom{what, healthy, path}
}

// examineFonts looks for any font at all: without one, text has no size, and a
// banner's buttons cannot be told to be visible.
func examineFonts() symptom {
	const what = "fonts"
	if runtime.GOOS != "linux" {
		return symptom{what, healthy, "those of the system"}
	}
	for _, dir := range []string{"/usr/share/fonts", "/usr/local/share/fonts", filepath.Join(os.Getenv("HOME"), ".fonts"), filepath.Join(os.Getenv("HOME"), ".local/share/fonts")} {
		if hasFont(dir) {
			return symptom{what, healthy, "in " + dir}
		}
	}
	return symptom{what, lacking, "none found: banners may not be seen as a visitor sees them; install fonts-liberation"}
}

var errFontFound = errors.New("found")

func hasFont(dir string) bool {
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir
		}
		switch filepath.Ext(path) {
		case ".ttf", ".otf", ".ttc":
			return errFontFound
		}
		return nil
	})
	return errors.Is(err, errFontFound)
}

func examineSandbox() symptom {
	const what = "sandbox"
	if os.Geteuid() == 0 {
		return symptom{what, lacking, "as root the browser runs without its sandbox: scan as an ordinary user where you can"}
	}
	return symptom{what, healthy, "the browser's own"}
}

// examineAutomation tells whether the build has autoconsent.
func examineAutomation() symptom {
	const what = "autoconsent"
	d, err := consent.Automation()
	switch {
	case err != nil:
		return symptom{what, broken, err.Error()}
	case d.Licence == "":
		return symptom{what, lacking, "not part of this build: banners are answered by cookieaudit's own detection alone; build it where npm is installed"}
	}
	return symptom{what, healthy, fmt.Sprintf("%s (%s)", d.Version, d.Licence)}
}

// examineData lists the data that judgements rest on.
func examineData() []symptom {
	found := []symptom{{"rules", healthy, report.Plural(len(rules.All()), "rule")}}
	_, known, err := newEngine()
	if err != nil {
		return append(found, symptom{"data", broken, err.Error()})
	}
	for _, d := range known.Datasets() {
		found = append(found, symptom{"data", healthy, fmt.Sprintf("%s %s (%s)", d.Name, d.Version, d.Licence)})
	}
	return found
}
