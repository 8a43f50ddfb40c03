package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func enqueueCommand() *cli.Command {
	return &cli.Command{
		Name:      "enqueue",
		Usage:     "put a list of sites into the queue, see how far it is, cancel it",
		ArgsUsage: "[FILE|URL|-]...",
		Description: "Whoever works the queue (serve, work) scans the sites, each once. The list is a batch: given\n" +
			"again under its name it adds nothing twice and goes on where it was cancelled. The sites are\n" +
			"scanned with the options that the configuration has for them, else with its defaults; where it\n" +
			"has alerts, serve tells of these scans too.\n\n" +
			"With --wait the exit code is 4 where sites were set aside or the batch was cancelled.",
		Flags: []cli.Flag{
			configFlag(), dbFlag(), quietFlag(), listFormatFlag(),
			&cli.StringFlag{Name: "batch", Usage: "`NAME` of the batch (default: the date and a random word)"},
			&cli.IntFlag{Name: "priority", Value: int(jobs.PriorityBatch), Usage: "`N` from 1, the most urgent, to 4; schedules have 3"},
			&cli.BoolFlag{Name: "wait", Usage: "show the progress until all sites are scanned"},
			&cli.StringFlag{Name: "cancel", Usage: "take what is left of the batch `NAME` out of the queue"},
			&cli.BoolFlag{Name: "status", Usage: "show the latest batches, or the one of --batch"},
		},
		Action: runEnqueue,
	}
}

func runEnqueue(ctx context.Context, cmd *cli.Command) (err error) {
	c, err := configOf(cmd)
	if err != nil {
		return err
	}
	if err := oneOf(cmd, "format", cmd.String("format"), listFormats()); err != nil {
		return err
	}
	name := cmd.String("batch")
	if name == "" {
		name = time.Now().UTC().Format("20060102-") + strings.ToLower(rand.Text()[:6])
	}
	if err := jobs.CheckBatchName(name); err != nil {
		return usagef(cmd, "--batch: %w", err)
	}
	cancel, status := cmd.String("cancel"), cmd.Bool("status")
	var sites []config.Site
	if cancel == "" && !status {
		if sites, err = batchSites(cmd, c); err != nil {
			return err
		}
	} else if err := atMost(cmd, 0); err != nil {
		return err
	}
	db, err := openDatabase(ctx, cmd, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	q, err := jobs.Open(ctx, db, jobs.Options{Retries: c.Retries, Tell: len(c.Alerts) > 0})
	if err != nil {
		return err
	}
	e := enqueuer{q: q, w: cmd.Root().Writer, stderr: cmd.Root().ErrWriter, json: cmd.String("format") == "json", quiet: cmd.Bool("quiet")}
	switch {
	case cancel != "":
		return e.cancel(ctx, cmd, cancel)
	case status:
		return e.status(ctx, cmd, cmd.String("batch"))
	}
	priority := cmd.Int("priority")
	if priority < 1 || priority > 4 {
		return usagef(cmd, "--priority %d: from 1 to 4", priority)
	}
	return e.enqueue(ctx, jobs.Batch{Name: name, Sites: sites, Priority: jobs.Priority(priority)}, cmd.Bool("wait"))
}

// batchSites reads the arguments: files of addresses, "-" for stdin, addresses.
func batchSites(cmd *cli.Command, c *config.Config) ([]config.Site, error) {
	if !cmd.Args().Present() {
		return nil, usagef(cmd, "a list is missing: cookieaudit enqueue sites.txt, or addresses, or - for stdin")
	}
	own := map[string]config.Site{}
	for _, s := range c.Sites {
		own[s.URL] = s
	}
	var out []config.Site
	seen := map[string]bool{}
	for _, arg := range cmd.Args().Slice() {
		var found []evidence.Site
		var err error
		if info, e := os.Stat(arg); arg == "-" || e == nil && info.Mode().IsRegular() {
			found, err = readTargets(nil, []string{arg}, cmd.Root().Reader)
		} else if isFileName(arg) {
			err = fmt.Errorf("there is no file %s; where it is a host, write https://%s/", printable(arg), printable(arg))
		} else {
			found, err = readTargets([]string{arg}, nil, nil)
		}
		if err != nil {
			return nil, usagef(cmd, "%w", err)
		}
		for _, s := range found {
			if seen[s.URL] {
				continue
			}
			seen[s.URL] = true
			site, ok := own[s.URL]
			if !ok {
				site = config.Site{Site: s, Options: c.Defaults}
			}
			out = append(out, site)
		}
	}
	if len(out) == 0 {
		return nil, usagef(cmd, "the list names no site")
	}
	return out, nil
}

// isFileName reports whether an argument without a scheme ends as a list does and
// no host of the public Internet.
func isFileName(arg string) bool {
	return !strings.Contains(arg, "://") && slices.Contains([]string{".txt", ".csv", ".tsv", ".lst", ".list"}, strings.ToLower(filepath.Ext(arg)))
}

type enqueuer struct {
	q           *jobs.Queue
	w, stderr   io.Writer
	json, quiet bool
}

func (e *enqueuer) enqueue(ctx context.Context, b jobs.Batch, wait bool) error {
	added, err := e.q.Enqueue(ctx, b)
	if err != nil {
		return err
	}
	if !e.json {
		fmt.Fprintf(e.w, "batch %s: %s added, %d were there already\n", b.Name, report.Plural(added, "site"), len(b.Sites)-added)
	}
	if wait {
		return e.wait(ctx, b.Name)
	}
	if e.json {
		p, err := e.q.Progress(ctx, b.Name)
		if err != nil {
			return err
		}
		return report.WriteValue(e.w, p)
	}
	return nil
}

// wait shows how far a batch is until it is done. An interruption ends the
// waiting, not the batch.
func (e *enqueuer) wait(ctx context.Context, name string) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var said time.Time
	for {
		p, err := e.q.Progress(ctx, name)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil && p.Finished() {
			return e.finished(p)
		}
		if every := sayEvery(e.stderr); err == nil && !e.quiet && time.Since(said) >= every {
			said = time.Now()
			fmt.Fprintln(e.stderr, progressLine(p, said))
		}
		select {
		case <-ctx.Done():
			return &resultError{code: exitIncomplete, why: fmt.Sprintf("batch %s goes on without being watched; cookieaudit enqueue --status --batch %s shows it", name, name)}
		case <-tick.C:
		}
	}
}

// sayEvery is how often a line of progress is written: a log is not to be
// flooded.
func sayEvery(stderr io.Writer) time.Duration {
	if isTerminal(stderr) {
		return 2 * time.Second
	}
	return 30 * time.Second
}

func progressLine(p jobs.Progress, now time.Time) string {
	line := fmt.Sprintf("%s: %d of %d sites", p.Name, p.Done, p.Total)
	if p.SetAside > 0 {
		line += fmt.Sprintf(", %d set aside", p.SetAside)
	}
	if p.Cancelled {
		return line + ", cancelled"
	}
	if !p.Ends.IsZero() {
		line += fmt.Sprintf(", %s to go", max(p.Ends.Sub(now), 0).Round(time.Second))
	}
	return line
}

func (e *enqueuer) finished(p jobs.Progress) error {
	var err error
	if e.json {
		err = report.WriteValue(e.w, p)
	} else {
		fmt.Fprintln(e.w, progressLine(p, time.Now()))
	}
	if err == nil && (p.Cancelled || p.SetAside > 0) {
		return &resultError{code: exitIncomplete}
	}
	return err
}

func (e *enqueuer) cancel(ctx context.Context, cmd *cli.Command, name string) error {
	removed, err := e.q.Cancel(ctx, name)
	if errors.Is(err, jobs.ErrNoBatch) {
		return usagef(cmd, "--cancel: %w; cookieaudit enqueue --status lists them", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.w, "batch %s is cancelled: %d sites will not be scanned\n", name, removed)
	return nil
}

func (e *enqueuer) status(ctx context.Context, cmd *cli.Command, name string) error {
	const shown = 50
	var list []jobs.Progress
	var err error
	if name == "" {
		list, err = e.q.Batches(ctx, shown)
	} else {
		var p jobs.Progress
		p, err = e.q.Progress(ctx, name)
		list = []jobs.Progress{p}
	}
	if errors.Is(err, jobs.ErrNoBatch) {
		return usagef(cmd, "--batch: %w", err)
	}
	if err != nil {
		return err
	}
	if e.json {
		return report.WriteValue(e.w, list)
	}
	t := tabwriter.NewWriter(e.w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "BATCH\tSITES\tDONE\tSET ASIDE\tSTATE")
	for _, p := range list {
		state := "running"
		switch {
		case p.Cancelled:
			state = "cancelled"
		case p.Finished():
			state = "done"
		case !p.Ends.IsZero():
			state = fmt.Sprintf("%s to go", max(time.Until(p.Ends), 0).Round(time.Second))
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\n", p.Name, p.Total, p.Done, p.SetAside, state)
	}
	return t.Flush()
}
