package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"cookieaudit/cmd/cookieaudit/internal/bundle"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/report"
)

func pruneCommand() *cli.Command {
	return &cli.Command{
		Name:  "prune",
		Usage: "delete old scans",
		Description: "Scans that were started longer ago than --keep go, in small steps: others can read and write\n" +
			"meanwhile, and an interruption leaves a whole database. The latest scan of a site stays, however\n" +
			"old, unless --latest is given. Space that becomes free is given back to the disk, and in a file\n" +
			"that an early version made, used for later scans.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "keep", Required: true, Usage: "keep scans of this `TIME`, such as 400d"},
			&cli.BoolFlag{Name: "latest", Usage: "delete the latest scan of a site too, where it is that old"},
			&cli.BoolFlag{Name: "dry-run", Usage: "only say how many there are"},
			dbFlag(), quietFlag(),
		},
		Action: runPrune,
	}
}

// leastKept is how long scans are kept at least, as in a configuration.
const leastKept = 24 * time.Hour

func runPrune(ctx context.Context, cmd *cli.Command) (err error) {
	if err := atMost(cmd, 0); err != nil {
		return err
	}
	keep, err := config.ParseSpan(cmd.String("keep"))
	if err != nil {
		return usagef(cmd, "--keep %q: %w", cmd.String("keep"), err)
	}
	if keep < leastKept {
		return usagef(cmd, "--keep %q: it is at least %s", cmd.String("keep"), leastKept)
	}
	db, err := openStored(ctx, cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	o := store.PruneOptions{Before: time.Now().Add(-keep), Latest: cmd.Bool("latest")}
	w := cmd.Root().Writer
	if cmd.Bool("dry-run") {
		n, err := db.Prunable(ctx, o)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s started before %s would be deleted.\n", report.Plural(n, "scan"), o.Before.UTC().Format(time.RFC3339))
		return err
	}
	if !cmd.Bool("quiet") {
		o.Progress = func(n int) {
			fmt.Fprintf(cmd.Root().ErrWriter, "cookieaudit: %s deleted so far\n", report.Plural(n, "scan"))
		}
	}
	n, err := db.Prune(ctx, o)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s started before %s deleted.\n", report.Plural(n, "scan"), o.Before.UTC().Format(time.RFC3339))
	return err
}

// pruneEvidence removes the bundles of scans from before a time that are not kept
// any more, from every folder that the configuration names.
func (p *process) pruneEvidence(ctx context.Context, before time.Time) (bundles int, err error) {
	folders := map[string]bool{p.config.Defaults.Evidence: true}
	for i := range p.config.Sites {
		folders[p.config.Sites[i].Options.Evidence] = true
	}
	delete(folders, "")
	var errs []error
	for dir := range folders {
		n, err := bundle.Prune(dir, before, func(scan string) (bool, error) { return p.db.Has(ctx, scan) })
		bundles += n
		errs = append(errs, err)
	}
	return bundles, errors.Join(errs...)
}

func backupCommand() *cli.Command {
	return &cli.Command{
		Name:      "backup",
		Usage:     "copy the database while it is in use",
		ArgsUsage: "FILE",
		Description: "The copy is the database as it was at one moment, the queue included, while scans go on being\n" +
			"stored. FILE must not exist. A PostgreSQL database is copied by pg_dump.",
		Flags:  []cli.Flag{dbFlag(), quietFlag()},
		Action: runBackup,
	}
}

func runBackup(ctx context.Context, cmd *cli.Command) (err error) {
	if cmd.Args().Len() != 1 {
		return usagef(cmd, "name one file to copy to")
	}
	db, err := openStored(ctx, cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	path := cmd.Args().First()
	if err := db.Backup(ctx, path); err != nil {
		return err
	}
	if cmd.Bool("quiet") {
		return nil
	}
	_, err = fmt.Fprintf(cmd.Root().Writer, "%s is a copy of %s.\n", printable(path), printable(store.NameOf(cmd.String("db"))))
	return err
}
