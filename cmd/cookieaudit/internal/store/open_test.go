package store

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// prepare makes what path points to.
		prepare func(t *testing.T, path string)
		want    []string
	}{
		{"a folder", func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Mkdir(path, 0o700))
		}, []string{"is a folder, not a database file"}},
		{"a device", func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Symlink("/dev/null", path))
		}, []string{"not a regular file"}},
		{"a missing folder", func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Remove(filepath.Dir(path)))
		}, []string{"the folder of the database", "no such file or directory"}},
		{"a file where the folder should be", func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Remove(filepath.Dir(path)))
			write(t, filepath.Dir(path), []byte("x"))
		}, []string{"not a directory"}},
		{"a link to nowhere", func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Symlink(filepath.Join(filepath.Dir(path), "nowhere"), path))
		}, []string{"unable to open database file", "must both be writable"}},
		{"a text file", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, []byte("host;name;lifetime\n"))
		}, []string{"not a cookieaudit database"}},
		{"a long text file", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, []byte(strings.Repeat("cookie,1 year\n", 10_000)))
		}, []string{"not a cookieaudit database"}},
		{"a cookie file of a browser", func(t *testing.T, path string) {
			t.Helper()
			execIn(t, path, `CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY)`)
		}, []string{"database of another program"}},
		{"an empty database of another program", func(t *testing.T, path string) {
			t.Helper()
			execIn(t, path, `PRAGMA application_id = 7`)
		}, []string{"database of another program"}},
		{"a newer schema", func(t *testing.T, path string) {
			t.Helper()
			must(t, openAndClose(t, path))
			execIn(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)`)
		}, []string{"newer cookieaudit (schema 9000, this one knows up to", "update cookieaudit"}},
		{"a damaged schema", func(t *testing.T, path string) {
			t.Helper()
			must(t, openAndClose(t, path))
			damage(t, path, 100)
		}, []string{"damaged"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "folder", "scans.db")
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
			test.prepare(t, path)
			before, _ := os.ReadFile(path)
			err := openAndClose(t, path)
			if err == nil {
				t.Fatal("it was opened")
			}
			for _, want := range append(test.want, "open database", filepath.Dir(path)) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	must(t, os.WriteFile(path, data, 0o600))
}

// execIn runs a statement in a database file as another program would.
func execIn(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	must(t, err)
	must(t, db.Close())
}

func openAndClose(t *testing.T, path string) error {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		return err
	}
	return s.Close()
}

// damage overwrites a part of a file, from offset on.
func damage(t *testing.T, path string, offset int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("\xde\xad", 1500)), offset)
	must(t, err)
	must(t, f.Close())
}

// A page in the middle that is damaged does not hinder opening, which must stay
// quick for a large file, but no record comes out of it as if it were whole.
func TestDamageInARecordIsTold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "scans.db")
	s, err := Open(t.Context(), path)
	must(t, err)
	scan := sampleScan("a")
	for len(scan.Requests) < 2000 {
		scan.Requests = append(scan.Requests, scan.Requests...)
	}
	save(t, s, scan, nil)
	var root int64
	must(t, s.read.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_schema WHERE name = 'requests'`).Scan(&root))
	must(t, s.Close())
	const pageSize = 4096
	damage(t, path, (root-1)*pageSize)

	s, err = Open(t.Context(), path)
	must(t, err)
	defer s.Close()
	_, _, err = s.Load(t.Context(), "a")
	if err == nil || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that says that %s is damaged", err, path)
	}
	if err := s.Save(t.Context(), sampleScan("b"), nil); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("save: error %v", err)
	}
}

// A record that was changed by hand is an error, not a panic.
func TestChangedRecordsAreTold(t *testing.T) {
	t.Parallel()
	for _, change := range []string{
		`UPDATE pages SET visit = 77`,
		`UPDATE screenshots SET visit = 77`,
		`UPDATE cookie_writes SET cookie = 77`,
		`UPDATE visits SET record = '[]'`,
		`UPDATE cookies SET purpose = NULL`,
		`UPDATE cookies SET match = '7'`,
		`UPDATE storage_items SET record = '{"kind": 7}'`,
		`UPDATE requests SET record = '{"type": 7}'`,
		`UPDATE policies SET record = '{"fetched": "yesterday"}'`,
		`UPDATE declarations SET record = '{"pattern": 3}'`,
		`UPDATE claims SET record = '7'`,
		`UPDATE findings SET record = '7'`,
		`UPDATE citations SET record = '7'`,
		`UPDATE scans SET judgement = '7'`,
		`UPDATE scans SET record = '{"id": "a", "banner": 7}'`,
	} {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			s := openTemp(t)
			scan := sampleScan("a") // with at most one row per visit and cookie, so that keys do not clash
			scan.Visits[0].Pages, scan.Visits[0].Screenshots = scan.Visits[0].Pages[:1], scan.Visits[0].Screenshots[:1]
			scan.Cookies[0].Writes = scan.Cookies[0].Writes[:1]
			save(t, s, scan, sampleJudgement())
			execIn(t, s.name, change) // without foreign_keys, as in the sqlite3 shell
			if _, _, err := s.Load(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), s.name) {
				t.Errorf("error %v, want one that names the file", err)
			}
		})
	}
}

func TestOpenTellsThatTheFileIsLocked(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, string){
		"a new file":      func(*testing.T, string) {},
		"a file of scans": func(t *testing.T, path string) { t.Helper(); must(t, openAndClose(t, path)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "scans.db")
			prepare(t, path)
			other, err := sql.Open("sqlite3", path+"?_locking_mode=EXCLUSIVE&_txlock=exclusive")
			must(t, err)
			other.SetMaxOpenConns(1)
			defer other.Close()
			tx, err := other.BeginTx(t.Context(), nil)
			must(t, err)
			_, err = openSQLite(t.Context(), path, 10*time.Millisecond)
			if err == nil || !strings.Contains(err.Error(), "another program holds the file") {
				t.Errorf("error %v", err)
			}
			must(t, tx.Rollback())
		})
	}
}

func TestSaveTellsThatTheFileIsLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "scans.db")
	s, err := openSQLite(t.Context(), path, 10*time.Millisecond)
	must(t, err)
	defer s.Close()
	other, err := sql.Open("sqlite3", path+"?_txlock=immediate")
	must(t, err)
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	must(t, err)
	if err := s.Save(t.Context(), sampleScan("a"), nil); err == nil || !strings.Contains(err.Error(), "another program holds the file") {
		t.Errorf("error %v", err)
	}
	if _, err := s.History(t.Context(), Filter{}); err != nil {
		t.Errorf("reading while another one writes: %v", err)
	}
	must(t, tx.Rollback())
	save(t, s, sampleScan("a"), nil)
}

func TestOpenAgainKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	// Characters that mean something in an address must not be taken so.
	path := filepath.Join(t.TempDir(), "a b?mode=memory&c#d%41.db")
	for i := range 3 {
		s, err := Open(t.Context(), path)
		must(t, err)
		save(t, s, sampleScan(fmt.Sprint(i)), nil)
		entries, err := s.History(t.Context(), Filter{})
		if err != nil || len(entries) != i+1 {
			t.Errorf("%d scans, error %v; want %d", len(entries), err, i+1)
		}
		must(t, s.Close())
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 || files[0].Name() != filepath.Base(path) {
		t.Errorf("files %v, error %v", files, err)
	}
	header, err := os.ReadFile(path)
	must(t, err)
	if id := binary.BigEndian.Uint32(header[68:]); id != applicationID {
		t.Errorf("application ID %x", id)
	}
}

func TestOpenTakesARelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	s, err := Open(t.Context(), "scans.db")
	must(t, err)
	t.Chdir(t.TempDir())
	save(t, s, sampleScan("a"), nil) // further connections open the same file
	_, _, err = s.Load(t.Context(), "a")
	must(t, err)
	must(t, s.Close())
}

// A file that a crash left empty, or without its tables, is completed.
func TestOpenCompletesAHalfMadeFile(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, string){
		"empty": func(t *testing.T, path string) { t.Helper(); write(t, path, nil) },
		"marked only": func(t *testing.T, path string) {
			t.Helper()
			execIn(t, path, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "scans.db")
			prepare(t, path)
			must(t, openAndClose(t, path))
			must(t, openAndClose(t, path))
		})
	}
}
