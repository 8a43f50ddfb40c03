package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/consent/autoconsent"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// openStored opens a database to read from. Unlike a scan it does not create
// one: an empty database would answer "no scans" to a mistyped name.
func openStored(ctx context.Context, cmd *cli.Command) (*store.Store, error) {
	path := cmd.String("db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !store.IsServer(path) {
		return nil, fmt.Errorf("there is no database %s: scan a site first, or name the file with --db", path)
	}
	return store.Open(ctx, path)
}

// storedReport builds the report of the scan that the command's argument names:
// an ID, the beginning of one, or a site, whose latest scan is taken. Without an
// argument it is the latest scan of all.
func storedReport(ctx context.Context, cmd *cli.Command) (_ *report.Report, err error) {
	if err := atMost(cmd, 1); err != nil {
		return nil, err
	}
	db, err := openStored(ctx, cmd)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	return loadReport(ctx, cmd, db, cmd.Args().First())
}

// loadReport builds the report of the scan of that name; an empty one stands
// for the latest scan of all.
func loadReport(ctx context.Context, cmd *cli.Command, db *store.Store, name string) (*report.Report, error) {
	suppressions, err := decided(ctx, db)
	if err != nil {
		return nil, err
	}
	scan, judgement, err := loadScan(ctx, db, store.NameOf(cmd.String("db")), name)
	if err != nil {
		return nil, err
	}
	if judgesAnew(cmd) {
		if scan.Corpus, err = db.Corpus(ctx, scan); err != nil {
			return nil, err
		}
	}
	r, err := reportOn(cmd, scan, asOfToday(scan, judgement, suppressions), suppressions)
	if err != nil {
		return nil, err
	}
	return r, comparePolicies(ctx, db, scan, r)
}

// loadScan loads the scan of that name; an empty one stands for the latest scan
// of all. where names the database in errors.
func loadScan(ctx context.Context, db *store.Store, where, name string) (*evidence.Scan, *audit.Judgement, error) {
	if name != "" {
		scan, judgement, err := db.Load(ctx, name)
		if !errors.Is(err, store.ErrNotFound) {
			return scan, judgement, err
		}
	}
	scan, judgement, err := db.Latest(ctx, name)
	switch {
	case errors.Is(err, store.ErrNotFound) && name == "":
		err = fmt.Errorf("%s holds no scans yet: scan a site first", where)
	case errors.Is(err, store.ErrNotFound):
		err = fmt.Errorf("%s holds no scan %q, nor one of a site of that name; cookieaudit history lists what it holds", where, name)
	}
	return scan, judgement, err
}

// comparePolicies notes in the report of a scan what became of the site's policies
// since an earlier one.
func comparePolicies(ctx context.Context, db *store.Store, scan *evidence.Scan, r *report.Report) error {
	earlier, between, err := db.EarlierPolicies(ctx, scan)
	if err != nil {
		return err
	}
	r.ComparePolicies(report.OnlyPolicies(earlier), report.OnlyPolicies(between))
	return nil
}

// reportOn builds the report of a stored scan, judged anew where a flag asks for
// it; then with these suppressions too.
func reportOn(cmd *cli.Command, scan *evidence.Scan, judgement *audit.Judgement, more []audit.Suppression) (*report.Report, error) {
	if judgesAnew(cmd) {
		engine, known, err := engineOf(cmd)
		if err != nil {
			return nil, err
		}
		engine.Suppressions = append(engine.Suppressions, more...)
		// What answered the banners is the scan's, whoever judges it.
		used := slices.DeleteFunc(slices.Clone(scan.Datasets), func(d evidence.Dataset) bool { return d.Name != autoconsent.Name })
		scan.Profile, scan.Datasets = engine.Profile.Name, append(known.Datasets(), used...)
		judgement = engine.Judge(scan)
	}
	return report.New(scan, judgement), nil
}
