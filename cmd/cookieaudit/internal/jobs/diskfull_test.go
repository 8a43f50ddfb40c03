package jobs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/evidence"
)

// A scan that finds no room in the file says so and comes again.
func TestFileFull(t *testing.T) {
	t.Parallel()
	db := openStore(t, filepath.Join(t.TempDir(), "q.db"))
	limit := func(pages int) {
		t.Helper()
		if _, err := db.DB().ExecContext(t.Context(), `PRAGMA max_page_count = `+strconv.Itoa(pages)); err != nil {
			t.Fatal(err)
		}
	}
	list := diskFull(t, db, "sweep", func() {
		var pages int
		if err := db.DB().QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
			t.Fatal(err)
		}
		limit(pages + 20)
	}, func() { limit(1_000_000) })
	wantEachOnce(t, db, list)
}

// The same of a server: first its disk still has room for the queue to say what
// became of a scan, then for nothing.
func TestServersDiskFull(t *testing.T) {
	t.Parallel()
	disk, server := smallDisk(t)
	for _, statement := range []string{`CREATE TABLESPACE small LOCATION '` + disk + `'`, `CREATE DATABASE small TABLESPACE small`} {
		if err := server.Exec(t.Context(), "postgres", statement); err != nil {
			t.Fatal(err)
		}
	}
	db := openStore(t, server.URL("small"))
	var all []evidence.Site
	for _, room := range []int64{512 << 10, 0} {
		var ballast string
		all = append(all, diskFull(t, db, fmt.Sprintf("room-%d", room), func() { ballast = fill(t, disk, room) }, func() {
			if err := os.Remove(ballast); err != nil {
				t.Error(err)
			}
		})...)
	}
	wantEachOnce(t, db, all)
}

// diskFull works a list while there is no room for a scan, and again when there is.
func diskFull(t *testing.T, db *store.Store, batch string, full, mend func()) (list []evidence.Site) {
	t.Helper()
	begun, free := make(chan struct{}), make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	c := func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
		begin()
		<-free
		scan, note := seen(s), make([]byte, 1<<20)
		_, _ = rand.Read(note) // it never fails; a server compresses what repeats itself
		scan.Notes = []string{hex.EncodeToString(note)}
		return scan, nil
	}
	before := len(recorded(t, db))
	var log lockedBuffer
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of %s:\n%s", batch, log.String())
		}
	})
	o := quick(c)
	o.Retries, o.Log = 1000, slog.New(slog.NewTextHandler(&log, nil))
	q := openQueue(t, db, o)
	list = sites(2)
	for i := range list {
		list[i] = site(batch + "." + list[i].Host)
	}
	enqueue(t, q, batch, list)
	stop := start(t, q)
	<-begun
	full()
	close(free)
	eventually(t, "the log tells of the disk", func() (bool, error) { return strings.Contains(strings.ToLower(log.String()), "no space left"), nil })
	if n := len(recorded(t, db)); n != before {
		t.Errorf("%d sites are recorded without room", n-before)
	}
	mend()
	stop()
	// Where not even the failure could be written, a job stays with its worker
	// until that one has been silent for long enough.
	again := openQueue(t, db, o)
	later(t, again, 2*time.Minute)
	if err := again.expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop = start(t, again)
	batchDone(t, again, batch)
	stop()
	return list
}

// smallDisk is a folder on a disk of its own, and a server that may write to it:
// a disk that is full keeps a server from every checkpoint.
func smallDisk(t *testing.T) (string, *postgrestest.Server) {
	t.Helper()
	dir, err := os.MkdirTemp("", "cookieaudit-disk-*") //nolint:usetesting // a test's own folder is closed to the server
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(dir); err != nil {
			t.Error(err)
		}
	})
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=32m", "cookieaudit", dir).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	server, err := postgrestest.Start(t.Context())
	if errors.Is(err, postgrestest.ErrNotInstalled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Remove(); err != nil {
			t.Error(err)
		}
	})
	if err := server.Own(dir); err != nil {
		t.Fatal(err)
	}
	return dir, server
}

// fill fills a disk up to some bytes and returns the file that does.
func fill(t *testing.T, disk string, room int64) (ballast string) {
	t.Helper()
	var has syscall.Statfs_t
	if err := syscall.Statfs(disk, &has); err != nil {
		t.Fatal(err)
	}
	ballast = filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, int64(has.Bavail)*has.Bsize-room), 0o600); err != nil {
		t.Fatal(err)
	}
	return ballast
}
