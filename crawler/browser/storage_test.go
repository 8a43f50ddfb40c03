package browser_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

func storageHosts() map[string]http.Handler {
	const fill = `const open=indexedDB.open("shop");open.onupgradeneeded=()=>{open.result.createObjectStore("carts",{autoIncrement:true});open.result.createObjectStore("visits",{autoIncrement:true})};
open.onsuccess=()=>{const t=open.result.transaction(["carts","visits"],"readwrite");t.objectStore("carts").add("a");t.objectStore("visits").add("b");t.objectStore("visits").add("c")};
caches.open("pages").then((c)=>Promise.all([c.put("/1",new Response("x")),c.put("/2",new Response("y"))]));`
	return map[string]http.Handler{
		"www.stores.test": paths(map[string]http.HandlerFunc{
			"/{$}": document("<script>" + fill + "\nnavigator.serviceWorker.register('/app/sw.js');\nnavigator.serviceWorker.register('/other.js', {scope: '/wide/'});</script>" +
				`<iframe src="https://frame.stores2.test/"></iframe>`),
			"/app/sw.js": code(""), "/other.js": code(""),
		}),
		"frame.stores2.test": document("<script>" + fill + "</script>"),
	}
}

func TestStorageOfPagesAndFrames(t *testing.T) {
	type fact struct {
		Kind        evidence.StorageKind
		Origin, Key string
		Entries     int64
		Parts       []string
		Script      string
		Lines       []int
	}
	const own, frame = "https://www.stores.test", "https://frame.stores2.test"
	cache := func(origin string) fact {
		return fact{evidence.KindCacheStorage, origin, "pages", 2, nil, "", []int{3}}
	}
	database := func(origin string) fact {
		return fact{evidence.KindIndexedDB, origin, "shop", 3, []string{"carts", "visits"}, "", []int{1}}
	}
	want := []fact{
		cache(frame), database(frame), cache(own), database(own),
		{evidence.KindServiceWorker, own, own + "/app/", 0, nil, own + "/app/sw.js", []int{4}},
		{evidence.KindServiceWorker, own, own + "/wide/", 0, nil, own + "/other.js", []int{5}},
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, own+"/")
		var got []fact
		for _, s := range r.Storage {
			f := fact{s.Kind, s.Origin, s.Key, 0, s.Parts, s.Script, nil}
			if s.Entries != nil {
				f.Entries = *s.Entries
			}
			for _, w := range s.Writes {
				f.Lines = append(f.Lines, w.Line)
			}
			got = append(got, f)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
