package browser

import (
	"context"
	"slices"
	"sync"

	"github.com/chromedp/cdproto/cachestorage"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/indexeddb"
	"github.com/chromedp/cdproto/storage"

	"cookieaudit/crawler/evidence"
)

// snapshotDatabases asks for the databases, caches and service workers of each origin. The
// answers are made in the page's process, whose clock has to run for it.
func (v *Visit) snapshotDatabases(ctx context.Context, origins map[string]*Frame) error {
	var wg sync.WaitGroup
	for origin, f := range origins {
		wg.Go(func() {
			found := f.databases(ctx, origin)
			v.mu.Lock()
			for _, e := range found {
				v.rec.keep(e)
			}
			v.mu.Unlock()
		})
	}
	answered := make(chan struct{})
	go func() {
		wg.Wait()
		close(answered)
	}()
	return v.advanceUntil(ctx, answered)
}

// maxOpened is how many databases, object stores and caches of an origin are
// looked into; the names of all are kept.
const maxOpened = 30

// databases names the IndexedDB databases, the caches and the service workers
// that the document can reach: what a frame of another site stores is kept
// apart for each site around it.
func (f *Frame) databases(ctx context.Context, origin string) []storeEntry {
	s := f.session()
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	key, err := cdp.Call(ctx, s, storage.GetStorageKey, storage.GetStorageKeyParams{FrameID: f.id})
	if err != nil {
		return nil // the document has gone
	}
	partition := string(key.StorageKey)
	var out []storeEntry
	if res, err := cdp.Call(ctx, s, indexeddb.RequestDatabaseNames, indexeddb.RequestDatabaseNamesParams{StorageKey: partition}); err == nil {
		for i, name := range res.DatabaseNames {
			e := storeEntry{kind: evidence.KindIndexedDB, origin: origin, key: name}
			if i < maxOpened {
				e.parts, e.entries = database(ctx, s, partition, name)
			}
			out = append(out, e)
		}
	}
	if res, err := cdp.Call(ctx, s, cachestorage.RequestCacheNames, cachestorage.RequestCacheNamesParams{StorageKey: partition}); err == nil {
		for i, c := range res.Caches {
			e := storeEntry{kind: evidence.KindCacheStorage, origin: origin, key: c.CacheName}
			if i < maxOpened {
				if held, err := cdp.Call(ctx, s, cachestorage.RequestEntries, cachestorage.RequestEntriesParams{CacheID: c.CacheID, PageSize: 1}); err == nil {
					e.entries = ptr(int64(held.ReturnCount))
				}
			}
			out = append(out, e)
		}
	}
	return append(out, f.serviceWorkers(ctx, origin)...)
}

// database names the object stores of a database and counts what they hold, nil
// where that is not known of each.
func database(ctx context.Context, s *session, storageKey, name string) (stores []string, entries *int64) {
	res, err := cdp.Call(ctx, s, indexeddb.RequestDatabase, indexeddb.RequestDatabaseParams{StorageKey: storageKey, DatabaseName: name})
	if err != nil || res.DatabaseWithObjectStores == nil {
		return nil, nil
	}
	entries = new(int64)
	for i, o := range res.DatabaseWithObjectStores.ObjectStores {
		stores = append(stores, clip(o.Name))
		if entries == nil {
			continue
		}
		held, err := cdp.Call(ctx, s, indexeddb.GetMetadata, indexeddb.GetMetadataParams{StorageKey: storageKey, DatabaseName: name, ObjectStoreName: o.Name})
		if err != nil || i >= maxOpened {
			entries = nil
			continue
		}
		*entries += int64(held.EntriesCount)
	}
	slices.Sort(stores)
	return stores, entries
}

// workersScript lists the registrations of the document's origin; where there is
// no such thing, as on pages without TLS, it lists none.
const workersScript = `navigator.serviceWorker ? navigator.serviceWorker.getRegistrations().then((all) =>
	all.map((r) => ({scope: r.scope, script: (r.active || r.waiting || r.installing || {}).scriptURL || ""})), () => []) : []`

func (f *Frame) serviceWorkers(ctx context.Context, origin string) []storeEntry {
	var found []struct{ Scope, Script string }
	if err := f.Eval(ctx, workersScript, &found); err != nil {
		return nil // a document that has gone or whose origin is opaque
	}
	var out []storeEntry
	for _, r := range found {
		out = append(out, storeEntry{kind: evidence.KindServiceWorker, origin: origin, key: r.Scope, script: clip(r.Script)})
	}
	return out
}
