package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// Migrations are numbered and only go forward.
//
//go:embed migrations/*/*.sql
var migrations embed.FS

// steps returns the migrations of an engine.
func steps(e Engine) fs.FS {
	sub, err := fs.Sub(migrations, "migrations/"+string(e))
	if err != nil {
		panic(err) // the name of an embedded folder is malformed: it is a constant
	}
	return sub
}

// migrate brings the schema to the newest version, one transaction for each
// step. Where another process does the same at the same moment, one of the two
// fails at a step that the other has just made; it then goes on from there.
func (s *Store) migrate(ctx context.Context, v versionTable) error {
	// The first failure is always looked at twice (reached begins below every
	// version), a second one only where the schema has moved since. Each round
	// has its own provider: one that failed to make its version table does not
	// try that again.
	for reached := int64(-1); ; {
		p, err := goose.NewProvider(v.dialect, s.write, v.steps,
			goose.WithTableName(v.name), goose.WithDisableGlobalRegistry(true))
		if err != nil {
			return err
		}
		current, known, err := p.GetVersions(ctx)
		if err != nil {
			return err
		}
		if current > known {
			return &newerSchemaError{found: current, known: known}
		}
		if current == known {
			return nil
		}
		_, err = p.Up(ctx)
		if err != nil && current <= reached {
			return fmt.Errorf("bring the schema from %d to %d: %w", current, known, err)
		}
		reached = current
	}
}
