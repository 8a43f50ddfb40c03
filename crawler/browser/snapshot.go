package browser

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"

	"cookieaudit/crawler/evidence"
)

var (
	errJarTimeout = errors.New("the browser did not answer within 5 s")
	// ErrStorage says that the web storage of a document could not be read: that
	// none was found there means nothing.
	ErrStorage = errors.New("its web storage could not be read whole")
)

// jarEntry is a cookie as a jar held it.
type jarEntry struct {
	cookie *network.Cookie
	page   int // that was being visited when it was first held
	real   time.Time
	at     int64 // the moment at which it was first held
}

// storeEntry is a key of web storage as a document's origin held it.
type storeEntry struct {
	kind   evidence.StorageKind
	origin string
	key    string
	value  string
	known  bool // the value could be read
	// entries and parts are of databases and caches, script is of service workers.
	entries *int64
	parts   []string
	script  string
}

//go:embed storage.js
var storageScript string

// storageReport is what storage.js answers.
type storageReport struct {
	Origin  string            `json:"origin"`
	Local   map[string]string `json:"local"`
	Session map[string]string `json:"session"`
}

// Snapshot reads what is stored now: the jar in the visit's own context, and
// the web storage of every document that the page shows. It is taken before
// each page is left, since the next one may delete or replace. ErrStorage is
// returned where only the jar could be read.
func (v *Visit) Snapshot(ctx context.Context) error {
	stored := v.snapshotStorage(ctx)
	v.certificates(ctx)
	asked := time.Now()
	jar, err := v.jar(ctx)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rec.jarReads = append(v.rec.jarReads, asked)
	now := time.Now()
	for _, c := range jar {
		v.rec.jars = append(v.rec.jars, jarEntry{cookie: c, page: len(v.rec.pages) - 1, at: v.rec.now(now), real: now})
	}
	v.rec.trace.event(&v.rec, now, evidence.Event{Kind: "jar", Text: fmt.Sprintf("%d cookies", len(jar))})
	return stored
}

// snapshotStorage reads the web storage. Documents that hang get no more time
// together than one does alone.
func (v *Visit) snapshotStorage(ctx context.Context) error {
	limit, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	origins := map[string]*Frame{}
	var missed error
	for _, f := range v.Frames() {
		var r storageReport
		err := f.Eval(limit, storageScript, &r)
		if limit.Err() != nil || errors.Is(err, errEvalTimeout) {
			missed = ErrStorage
		}
		if err != nil || r.Origin == "" || r.Origin == "null" {
			continue // a frame that is gone, or whose origin is opaque and has no storage
		}
		origins[r.Origin] = f
		v.mu.Lock()
		v.rec.store(&r)
		if f.top {
			v.carry[r.Origin] = r.Session
		}
		v.mu.Unlock()
	}
	if err := v.snapshotDatabases(ctx, origins); err != nil {
		return fmt.Errorf("%w: %w", ErrStorage, err)
	}
	return missed
}

func (v *Visit) jar(ctx context.Context) ([]*network.Cookie, error) {
	// It is the browser that answers: a page that took all its time is no reason
	// not to know what it has set.
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), evalTimeout, errJarTimeout)
	defer cancel()
	// Without the context's id the browser answers with the default profile.
	res, err := cdp.Call(ctx, v.b.root, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: v.ctxID})
	if err != nil {
		return nil, fmt.Errorf("read the cookie jar: %w", err)
	}
	return res.Cookies, nil
}

// A JarCookie is a cookie of the jar with its value, for reading a consent
// record. It must not be kept.
type JarCookie struct {
	Name, Domain, Value string
}

// Cookies reads the jar now.
func (v *Visit) Cookies(ctx context.Context) ([]JarCookie, error) {
	jar, err := v.jar(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]JarCookie, len(jar))
	for i, c := range jar {
		out[i] = JarCookie{Name: c.Name, Domain: c.Domain, Value: c.Value}
	}
	return out, nil
}

func (r *recorder) store(s *storageReport) {
	for k, x := range s.Local {
		r.keep(storeEntry{kind: evidence.KindLocalStorage, origin: s.Origin, key: k, value: x, known: true})
	}
	for k, x := range s.Session {
		r.keep(storeEntry{kind: evidence.KindSessionStorage, origin: s.Origin, key: k, value: x, known: true})
	}
}

// keep adds an entry, unless there are too many already.
func (r *recorder) keep(e storeEntry) {
	if !r.stored.take(len(e.key)+len(e.value), r.limits.stored, r.limits.storedBytes) {
		r.miss("more than %d keys of web storage, or %d MiB of them: not all are recorded", r.limits.stored, r.limits.storedBytes>>20)
		return
	}
	r.stores = append(r.stores, e)
}
