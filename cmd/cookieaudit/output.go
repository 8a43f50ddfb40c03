package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"cookieaudit/crawler/browser"
	"cookieaudit/report"
)

func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name:  "format",
			Usage: "`FORMAT[=FILE]`: " + strings.Join(report.FormatNames(), ", ") + " (default: table)",
		},
		&cli.StringFlag{Name: "out", Usage: "write to `FILE|DIR` what --format asks for (DIR: ends in / or exists)", TakesFile: true},
		onlyFlag(),
		&cli.BoolFlag{Name: "details", Usage: "tables with evidence, setters and full citations"},
	}
}

// A sink takes reports one by one.
type sink interface {
	write(*report.Report) error
	close() error
}

// outputs are all sinks of one command. Files are opened before the work
// begins, so that a path that cannot be written is known at once, and are
// emptied only when there is something to write.
type outputs []sink

func (o outputs) write(r *report.Report) error {
	for _, s := range o {
		if err := s.write(r); err != nil {
			return err
		}
	}
	return nil
}

// tableOnStdout reports whether a person reads along.
func (o outputs) tableOnStdout() bool {
	return slices.ContainsFunc(o, func(s sink) bool {
		st, ok := s.(*stream)
		return ok && st.file == nil && st.format.Name == "table"
	})
}

func (o outputs) close() error {
	var errs []error
	for _, s := range o {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

// openOutputs reads outputFlags for a command that reports on so many sites.
// Where nothing else goes to stdout the table does.
func openOutputs(ctx context.Context, cmd *cli.Command, sites int) (outputs, error) {
	plan, err := planOutputs(cmd.StringSlice("format"), cmd.String("out"), sites)
	if err != nil {
		return nil, usagef(cmd, "%w", err)
	}
	opts := tableOptions(cmd)
	opts.Print = printer(ctx, cmd.String("browser"))
	var outs outputs
	for _, p := range plan {
		s, err := p.open(cmd.Root().Writer, opts)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open the output: %w", err), outs.close())
		}
		outs = append(outs, s)
	}
	return outs, nil
}

// printer prints pages with a browser that lives as long as one page takes:
// whoever asks for no PDF needs none.
func printer(ctx context.Context, path string) func([]byte) ([]byte, error) {
	return func(page []byte) (_ []byte, err error) {
		b, err := browser.Launch(ctx, browser.Options{Path: path})
		if err != nil {
			return nil, fmt.Errorf("print the page: %w", err)
		}
		defer func() { err = errors.Join(err, b.Close()) }()
		return b.PDF(ctx, page)
	}
}

func tableOptions(cmd *cli.Command) report.Options {
	o := report.Options{Details: cmd.Bool("details")}
	if f, ok := cmd.Root().Writer.(*os.File); ok && isTerminal(f) {
		// https://no-color.org
		o.Color = os.Getenv("NO_COLOR") == ""
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			o.Width = w
		}
	}
	return o
}

// A destination is one output, not opened yet. Both paths empty mean stdout.
type destination struct {
	formats []report.Format
	file    string
	dir     string
}

// folderFormats are what goes into a folder when no format is asked for.
func folderFormats() ([]report.Format, error) {
	var out []report.Format
	for _, name := range []string{"html", "csv", "json"} {
		f, err := report.ParseFormat(name)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// planOutputs decides which format goes where.
func planOutputs(formats []string, out string, sites int) ([]destination, error) {
	var plan []destination
	var bare []report.Format
	for _, f := range formats {
		name, file, named := strings.Cut(f, "=")
		format, err := report.ParseFormat(name)
		switch {
		case err != nil:
			return nil, fmt.Errorf("--format: %w", err)
		case named && file == "":
			return nil, fmt.Errorf("--format %s: the file name is missing", f)
		case named:
			plan = append(plan, destination{formats: []report.Format{format}, file: file})
		default:
			bare = append(bare, format)
		}
	}
	switch {
	case out != "":
		d, err := outDestination(bare, out)
		if err != nil {
			return nil, err
		}
		plan = append(plan, d)
		bare = nil
	case len(bare) > 1:
		return nil, fmt.Errorf("--format %s and --format %s cannot both go to stdout: name a file with --format %s=FILE",
			bare[0].Name, bare[1].Name, bare[1].Name)
	}
	if len(bare) == 0 {
		table, err := report.ParseFormat("table")
		if err != nil {
			return nil, err
		}
		bare = append(bare, table)
	}
	plan = append(plan, destination{formats: bare})
	return plan, errors.Join(checkTwice(plan), checkMany(plan, sites))
}

// checkTwice refuses two outputs in one file: one would overwrite the other.
func checkTwice(plan []destination) error {
	taken := map[string]string{}
	for _, d := range plan {
		if d.file == "" {
			continue
		}
		path, name := filepath.Clean(d.file), d.formats[0].Name
		if other, ok := taken[path]; ok {
			return fmt.Errorf("%s and %s cannot both go to the file %s: name another one with --format %s=FILE", other, name, d.file, name)
		}
		taken[path] = name
	}
	return nil
}

// outDestination says what --out means for the formats that name no file.
func outDestination(bare []report.Format, out string) (destination, error) {
	if !isDir(out) && len(bare) == 1 {
		return destination{formats: bare, file: out}, nil
	}
	if len(bare) > 0 {
		return destination{formats: bare, dir: out}, nil
	}
	if ext := filepath.Ext(out); !isDir(out) && ext != "" {
		all := report.Formats()
		i := slices.IndexFunc(all, func(f report.Format) bool { return f.Extension == ext })
		if i < 0 {
			return destination{}, fmt.Errorf("--out %s: no format has the extension %s; name one with --format", out, ext)
		}
		return destination{formats: all[i : i+1], file: out}, nil
	}
	formats, err := folderFormats()
	return destination{dir: out, formats: formats}, err
}

// checkMany refuses to put several sites into a file that holds one.
func checkMany(plan []destination, sites int) error {
	if sites < 2 {
		return nil
	}
	for _, d := range plan {
		if f := d.formats[0]; d.dir == "" && f.Single {
			return fmt.Errorf("%s holds one site, and there are %d: give a folder with --out DIR/%s", f.Name, sites,
				map[string]string{"json": ", or use --format jsonl"}[f.Name])
		}
	}
	return nil
}

func isDir(path string) bool {
	if strings.HasSuffix(path, string(filepath.Separator)) {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (d destination) open(stdout io.Writer, o report.Options) (sink, error) {
	switch {
	case d.dir != "":
		return openFolder(d.dir, d.formats, o.Print)
	case d.file != "":
		_, statErr := os.Stat(d.file)
		// Not emptied yet: until there is something to write the old report stays.
		f, err := os.OpenFile(d.file, os.O_WRONLY|os.O_CREATE, 0o666) //nolint:gosec // as os.Create: reports are for others to read
		if err != nil {
			return nil, err
		}
		return &stream{format: d.formats[0], options: report.Options{Details: o.Details, Print: o.Print}, w: f, file: f, created: errors.Is(statErr, fs.ErrNotExist)}, nil
	default:
		return &stream{format: d.formats[0], options: o, w: stdout}, nil
	}
}

// A stream writes every report one after the other.
type stream struct {
	format  report.Format
	options report.Options
	w       io.Writer
	file    *os.File // nil for stdout
	created bool     // by this command
	written int
}

func (s *stream) write(r *report.Report) error {
	if s.file != nil && s.written == 0 {
		if info, err := s.file.Stat(); err == nil && info.Mode().IsRegular() {
			if err := s.file.Truncate(0); err != nil {
				return fmt.Errorf("empty the old file: %w", err)
			}
		}
	}
	var b bytes.Buffer
	if err := s.format.Write(&b, r, s.options); err != nil {
		return err
	}
	out := b.Bytes()
	if s.written > 0 {
		switch s.format.Name {
		case "csv": // one header for all
			_, out, _ = bytes.Cut(out, []byte("\r\n"))
		case "table", "md":
			out = append([]byte{'\n'}, out...)
		}
	}
	s.written++
	if _, err := s.w.Write(out); err != nil {
		return fmt.Errorf("write %s: %w", s.format.Name, err)
	}
	return nil
}

// close leaves no new file in which nothing stands: it would look like a report
// that found nothing.
func (s *stream) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if s.created && s.written == 0 {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}
