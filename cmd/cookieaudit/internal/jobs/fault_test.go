package jobs

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/evidence"
)

// PostgreSQL is restarted in the middle of scans, by a crash.
func TestServerRestarts(t *testing.T) {
	t.Parallel()
	postgrestest.Shared(t) // skips where there is none
	server, err := postgrestest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Remove(); err != nil {
			t.Error(err)
		}
	})
	interrupted(t, server.URL("postgres"), func() {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
	}, func() {
		if err := server.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

// The network between a worker and its database is cut in the middle of scans.
func TestNetworkCut(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.URL(t)
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, u.Host)
	u.Host = p.l.Addr().String()
	interrupted(t, u.String(), p.cut, p.mend)
}

// interrupted works a list while the database goes away in the middle of scans
// and comes back.
func interrupted(t *testing.T, dsn string, away, back func()) {
	t.Helper()
	var scans atomic.Int32
	begun, free := make(chan struct{}), make(chan struct{})
	c := func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
		if scans.Add(1) == 6 {
			close(begun)
			<-free
		}
		return seen(s), nil
	}
	db := openStore(t, dsn)
	o := quick(c)
	o.Retries = 5
	q := openQueue(t, db, o)
	list := sites(20)
	enqueue(t, q, "sweep", list)
	stop := start(t, q)
	<-begun
	away()
	close(free)
	back()
	eventually(t, "the database is there", func() (bool, error) {
		_, err := q.Progress(t.Context(), "sweep")
		return err == nil, nil
	})
	// A scan that could not be saved stays with its worker in the database: it
	// comes again when that one has been silent for long enough.
	eventually(t, "the rest is done", func() (bool, error) {
		p, err := q.Progress(t.Context(), "sweep")
		return p.Done >= 18, err
	})
	stop()
	again := openQueue(t, db, quick(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) { return seen(s), nil }))
	later(t, again, 2*time.Minute)
	if err := again.expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	start(t, again)
	batchDone(t, again, "sweep")
	wantEachOnce(t, db, list)
}

// A proxy passes bytes to a server, unless it is cut.
type proxy struct {
	l  net.Listener
	to string

	mu    sync.Mutex
	isCut bool
	conns []net.Conn
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{l: l, to: to}
	t.Cleanup(func() {
		l.Close()
		p.cut()
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.pass(c)
		}
	}()
	return p
}

func (p *proxy) pass(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isCut {
		c.Close()
		return
	}
	s, err := net.Dial("tcp", p.to)
	if err != nil {
		c.Close()
		return
	}
	p.conns = append(p.conns, c, s)
	for _, d := range [][2]net.Conn{{c, s}, {s, c}} {
		go func() {
			_, _ = io.Copy(d[0], d[1]) // it ends when the connection is cut
			d[0].Close()
		}()
	}
}

func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isCut = true
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
}

func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isCut = false
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
