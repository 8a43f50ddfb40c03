package crawler

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// BenchmarkScan measures a whole scan of three phases: wall time, and the CPU
// time of this process and of the browser's processes apart.
func BenchmarkScan(b *testing.B) {
	server, err := fixtures.Serve(fixtures.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			b.Error(err)
		}
	}()
	site, err := discover.ParseSite("https://www.civocracy.test/")
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range kinds {
		b.Run(kind, func(b *testing.B) {
			if _, err := exec.LookPath(kind); err != nil {
				b.Skipf("%s is not installed", kind)
			}
			c, err := New(b.Context(), Config{BrowserPath: kind, Insecure: true, Resolve: server.Resolve(), Offline: true, Pages: 2})
			if err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := c.Close(); err != nil {
					b.Error(err)
				}
			}()
			if _, err := c.Check(b.Context()); err != nil { // the start is not part of a scan
				b.Fatal(err)
			}
			own, theirs := ownCPU(b), treeCPU(b, c.current.PID())
			for b.Loop() {
				scan, err := c.Scan(b.Context(), site)
				if err != nil || scan.Outcome != evidence.Complete {
					b.Fatalf("%v, %+v", err, scan)
				}
			}
			b.ReportMetric((ownCPU(b)-own).Seconds()/float64(b.N), "go-cpu-s/op")
			b.ReportMetric((treeCPU(b, c.current.PID())-theirs).Seconds()/float64(b.N), "browser-cpu-s/op")
		})
	}
}

// ownCPU includes the server of the pages, which runs in this process.
func ownCPU(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// treeCPU is the CPU time of a process and all of its descendants, those that
// have ended and were waited for included (proc(5), /proc/pid/stat, in ticks of
// 10 ms).
func treeCPU(b *testing.B, root int) time.Duration {
	b.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(files) == 0 {
		b.Skip("this system has no /proc to read CPU times from")
	}
	parent, ticks := map[int]int{}, map[int]int64{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		parent[pid], _ = strconv.Atoi(fields[1])
		for _, f := range fields[11:15] { // utime, stime, cutime, cstime
			n, _ := strconv.ParseInt(f, 10, 64)
			ticks[pid] += n
		}
	}
	var sum int64
	for pid, n := range ticks {
		for p := pid; p > 1; p = parent[p] {
			if p == root {
				sum += n
				break
			}
		}
	}
	return time.Duration(sum) * 10 * time.Millisecond
}
