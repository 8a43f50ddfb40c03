package store

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// An Engine is a kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// A dialect is what differs between the databases, beside their migrations.
type dialect struct {
	engine   Engine
	versions versionTable
	// durable is the first statement of each transaction that writes; empty where
	// every one outlives a crash anyway.
	durable string
	// lockSaves is a statement at the beginning of each Save, and lockOthers one
	// before shared rows are looked through for those that no scan has, and before
	// it changes what is accepted: the two exclude each other until their
	// transactions end. Empty where there is only ever one transaction that writes.
	lockSaves, lockOthers string
	// reclaim gives space back that deleted rows leave; nil where the database does
	// so by itself.
	reclaim func(context.Context, *sql.DB) error
	// raw makes an argument of text that may hold any byte.
	raw func(string) any
	// text makes an argument that is compared with a column of text.
	text func(string) string
	// meaning says in words, for the person who chose the database, what an
	// error of it means; empty where there is nothing to add.
	meaning func(error) string
}

// A versionTable is where the steps that a schema has made are kept.
type versionTable struct {
	name    string
	dialect goose.Dialect
	// steps are the migrations: numbered, and only ever forward.
	steps fs.FS
}
