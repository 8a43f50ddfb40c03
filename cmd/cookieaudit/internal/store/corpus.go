package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"cookieaudit/crawler/evidence"
)

// maxNames is how many names one query asks for: a server takes 65,535 arguments,
// a file 32,766.
const maxNames = 1000

// classesQuery asks for the classes of some names; the first argument is the
// domain that asks.
func classesQuery(names int) string {
	return `SELECT c.name, c.category, count(DISTINCT x.domain)
		FROM classes c JOIN sites x ON x.seq = c.site
		WHERE x.domain <> $1 AND c.name IN ` + placeholders(2, names) + ` GROUP BY c.name, c.category`
}

// Corpus returns what the latest scans of other registrable domains declare of
// the names that a scan's policies declare.
func (s *Store) Corpus(ctx context.Context, scan *evidence.Scan) (*evidence.Corpus, error) {
	names := make([]string, len(scan.Declarations))
	for i := range scan.Declarations {
		names[i] = scan.Declarations[i].Name
	}
	slices.Sort(names)
	names = slices.Compact(names)
	corpus := &evidence.Corpus{Classes: []evidence.ClassElsewhere{}}
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		for some := range slices.Chunk(names, maxNames) {
			args := []any{s.text(scan.Site.Domain)}
			for _, n := range some {
				args = append(args, s.text(n))
			}
			err := each(ctx, tx, classesQuery(len(some)), args, func(row func(...any) error) error {
				var c evidence.ClassElsewhere
				err := row(&c.Name, &c.Category, &c.Sites)
				corpus.Classes = append(corpus.Classes, c)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.explain("compare the declared classes with other sites in", err)
	}
	slices.SortFunc(corpus.Classes, func(a, b evidence.ClassElsewhere) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Category, b.Category))
	})
	return corpus, nil
}
