package browser_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

func code(js string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, js)
	}
}

// hookHosts write from places that a hook does not easily reach.
func hookHosts() map[string]http.Handler {
	return map[string]http.Handler{
		"www.workers.test": paths(map[string]http.HandlerFunc{
			"/{$}": document(`<script>navigator.serviceWorker.register("/sw.js").then(()=>navigator.serviceWorker.ready).then((r)=>r.active.postMessage(1));
new Worker("/dedicated.js"); new SharedWorker("/shared.js"); new Worker(URL.createObjectURL(new Blob(["indexedDB.open('by_blob')"])))</script>`),
			"/sw.js": code("cookieStore.set('sw_first', '1');\nindexedDB.open('by_sw');\n" +
				"onmessage = () => cookieStore.set({name: 'sw_later', value: '1', expires: Date.now() + 86400000});"),
			"/dedicated.js": code("debugger;\nindexedDB.open('by_dedicated'); caches.open('cached');"),
			"/shared.js":    code("\n\nindexedDB.open('by_shared');"),
		}),
		"www.borrowed.test": document(`<script>const setter=(w)=>Object.getOwnPropertyDescriptor(w.Document.prototype,"cookie").set;
const f=document.createElement("iframe"); document.head.append(f);
const kept=setter(f.contentWindow); f.contentWindow.document.cookie="inside=1"; for (let i=0;i<3;i++) kept.call(document,"borrowed=1");
f.remove(); kept.call(document,"left_behind=1"); setter(window).call(document,"own=1");
eval("document.cookie='evalled=1'"); new Function("document.cookie='made=1'")(); setTimeout("document.cookie='text=1'");
eval("setTimeout(()=>{document.cookie='named=1'})\n//# sourceURL=https://elsewhere.test/x.js");</script>`,
			"Content-Security-Policy", "default-src 'self'; script-src 'unsafe-inline' 'unsafe-eval'; connect-src 'none'; frame-src 'none'"),
		"www.hostile.test": document(`<script>
for (const k of Reflect.ownKeys(Reflect)) if (typeof Reflect[k] === "function") Reflect[k] = () => { throw 1 };
Date = function () { throw 2 }; JSON.stringify = JSON.parse = () => { throw 3 }; Promise.prototype.then = () => { throw 4 };
Error.prepareStackTrace = () => { throw 5 }; Object.defineProperty(Error, "stackTraceLimit", {get() { throw 6 }}); Error = null;
for (const k of ["debug", "trace", "log"]) console[k] = () => { throw 7 }; queueMicrotask = null;
for (const P of [String, Array, Function, Number]) for (const k of Reflect.ownKeys ? Object.getOwnPropertyNames(P.prototype) : []) try { P.prototype[k] = () => { throw 8 } } catch {}
Object.defineProperty(Object.prototype, "toJSON", {get() { throw 9 }}); Object.defineProperty(Array.prototype, Symbol.iterator, {value() { throw 10 }});
document.cookie = "stood=1; Max-Age=60";
localStorage.setItem("held", "1");
Object.defineProperty(Document.prototype, "cookie", {set() {}, get() { return "" }, configurable: true});
document.cookie = "swallowed=1";
Object.defineProperty(document, "cookie", {value: "x", writable: true});
</script>`),
	}
}

// setter is who is recorded to have written something.
type setter struct {
	Mechanism evidence.Mechanism
	Script    string
	Line      int
}

func setters(r *browser.Record) map[string]setter {
	out := map[string]setter{}
	for _, c := range r.Cookies {
		w := c.Writes[0]
		out[c.Name] = setter{w.Mechanism, w.Script, w.Line}
	}
	for _, s := range r.Storage {
		for _, w := range s.Writes {
			out[string(s.Kind)+" "+s.Key] = setter{Script: w.Script, Line: w.Line}
		}
	}
	return out
}

func TestWorkersAreHooked(t *testing.T) {
	const site = "https://www.workers.test/"
	want := map[string]setter{
		"sw_first":               {evidence.CookieStore, site + "sw.js", 1},
		"sw_later":               {evidence.CookieStore, site + "sw.js", 3},
		"indexedDB by_sw":        {"", site + "sw.js", 2},
		"indexedDB by_dedicated": {"", site + "dedicated.js", 2},
		"indexedDB by_shared":    {"", site + "shared.js", 3},
		"cacheStorage cached":    {"", site + "dedicated.js", 2},
		"serviceWorker " + site:  {"", site, 1},
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, site)
		got := setters(r)
		if s := got["indexedDB by_blob"]; s.Line != 1 {
			t.Errorf("the database of a worker without an address: %+v", s)
		}
		delete(got, "indexedDB by_blob")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		later := find(t, r, "sw_later")
		if len(later.Writes) != 1 || later.Requested == nil || *later.Requested != 86400 {
			t.Errorf("sw_later: %+v", later)
		}
	})
}

func TestWritesFromBorrowedPlaces(t *testing.T) {
	const site = "https://www.borrowed.test/"
	by := func(line int) setter { return setter{evidence.DocumentCookie, site, line} }
	want := map[string]setter{
		"inside": by(3), "borrowed": by(3), "own": by(4), "evalled": by(5), "made": by(5), "text": by(5), "named": by(6),
		// Whoever keeps the setter of a frame that is gone is not seen to use it.
		"left_behind": {Mechanism: evidence.Unknown},
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, site)
		if diff := cmp.Diff(want, setters(r)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if n := len(find(t, r, "borrowed").Writes); n != 3 {
			t.Errorf("borrowed was written 3 times, recorded %d", n)
		}
	})
}

// A page that breaks everything before anything else hides no write.
func TestWritesOfAPageThatBreaksEverything(t *testing.T) {
	const site = "https://www.hostile.test/"
	want := map[string]setter{
		"stood":             {evidence.DocumentCookie, site, 8},
		"localStorage held": {"", site, 9},
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, site)
		if diff := cmp.Diff(want, setters(r)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
