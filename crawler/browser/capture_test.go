package browser_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

const third = "; Path=/; SameSite=None; Secure"

// hosts are the sites of the package's tests.
func hosts() map[string]http.Handler {
	return map[string]http.Handler{
		"www.ways.test":     paths(map[string]http.HandlerFunc{"/{$}": ways, "/code.js": waysCode}),
		"pixel.ways3.test":  paths(map[string]http.HandlerFunc{"/a": pixel("px_http=1; Max-Age=63072000" + third), "/refused": pixel("px_lax=1"), "/late": pixel("px_late=1" + third), "/bye": pixel("px_bye=1" + third)}),
		"hop1.ways3.test":   redirect("https://hop2.ways3.test/", "hop1=1"+third),
		"hop2.ways3.test":   redirect("https://pixel.ways3.test/a", "hop2=1"+third),
		"frame.ways4.test":  document(`<script>document.cookie="fr_chips=1; Partitioned; Max-Age=100`+third+`";setTimeout(()=>{document.cookie="fr_late=1`+third+`"},3000);localStorage.setItem("fr_key","v")</script>`, "Set-Cookie", "fr_http=1"+third),
		"www.jar-a.test":    document("", "Set-Cookie", "only_a=1"),
		"www.jar-b.test":    document("", "Set-Cookie", "only_b=1"),
		"www.capped.test":   document(`<script>document.cookie="capped_js=1; Max-Age=63072000"</script>`, "Set-Cookie", "capped_http=1; Max-Age=63072000", "Set-Cookie", "short=1; Max-Age=3600"),
		"www.tabs.test":     paths(map[string]http.HandlerFunc{"/{$}": document(`<script>sessionStorage.setItem("k","kept")</script>`), "/2": document(`<script>if(sessionStorage.getItem("k")==="kept")document.cookie="carried=1"</script>`)}),
		"www.poll.test":     paths(map[string]http.HandlerFunc{"/{$}": document(`<script>document.cookie="first=1";fetch("/never").catch(()=>{})</script>`), "/never": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}),
		"www.dialogs.test":  document(`<script>alert(1);confirm("?");document.cookie="after_dialogs=1"</script>`),
		"www.loopjs.test":   document(`<script>document.cookie="before_loop=1";setTimeout(()=>{for(;;);},100)</script>`),
		"www.tampered.test": document(`<script>JSON.stringify=()=>{throw 1};Date.now=()=>0;String=null;Error.prepareStackTrace=()=>({});Reflect.apply=null;document.cookie="tampered=1; Max-Age=60"</script>`),
		"www.crash.test":    document(`<script>document.cookie="before_crash=1"</script>`),
	}
}

func redirect(to, line string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", line)
		http.Redirect(w, r, to, http.StatusFound)
	}
}

var ways = document(`<script>document.cookie="js_inline=1; Max-Age=63072000";
document.cookie="js_refused=1; Domain=elsewhere.test";
document.cookie="js_gone=1; Max-Age=60"; document.cookie="js_gone=; Max-Age=0";
cookieStore.set({name:"cs",value:"1",expires:Date.now()+86400000});
localStorage.setItem("by_call","12"); localStorage.by_name="123"; sessionStorage.setItem("ss","1"); indexedDB.open("db");
setTimeout(()=>{document.cookie="js_late=1; Expires="+new Date(Date.now()+86400000).toUTCString(); new Image().src="https://pixel.ways3.test/late"},8000);
addEventListener("pagehide",()=>{document.cookie="js_hide=1"; navigator.sendBeacon("https://pixel.ways3.test/bye")});
const f=document.createElement("iframe"); document.head.append(f);
Object.getOwnPropertyDescriptor(f.contentWindow.Document.prototype,"cookie").set.call(document,"js_borrowed=1");
</script><script src="/code.js"></script>
<img src="https://hop1.ways3.test/"><img src="https://pixel.ways3.test/refused"><iframe src="https://frame.ways4.test/"></iframe>`,
	"Set-Cookie", "http=1; HttpOnly; Secure", "Set-Cookie", "http_wide=1; Domain=.WAYS.test; Path=/x", "Set-Cookie", "http_refused=1; Domain=elsewhere.test")

func waysCode(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript")
	_, _ = w.Write([]byte("// a comment\nfunction write() {\n  document.cookie = 'js_file=1';\n}\nwrite();\n"))
}

// fact is what the test below checks of one cookie.
type fact struct {
	Mechanism evidence.Mechanism
	Setter    string // URL of the response, or script and line
	Stored    bool
	Blocked   string
	Requested int64 // 0 for a session cookie
}

func TestEveryWayToSetACookie(t *testing.T) {
	const site, twoYears = "https://www.ways.test/", 63072000
	want := map[string]fact{
		"http":         {evidence.HTTP, site, true, "", 0},
		"http_wide":    {evidence.HTTP, site, true, "", 0},
		"http_refused": {evidence.HTTP, site, false, "InvalidDomain", 0},
		"js_inline":    {evidence.DocumentCookie, site, true, "", twoYears},
		"js_refused":   {evidence.DocumentCookie, site, false, "InvalidDomain", 0},
		"js_gone":      {evidence.DocumentCookie, site, true, "", 60},
		"js_file":      {evidence.DocumentCookie, site + "code.js", true, "", 0},
		"js_borrowed":  {evidence.DocumentCookie, site, true, "", 0},
		"js_late":      {evidence.DocumentCookie, site, true, "", 86400},
		"js_hide":      {evidence.DocumentCookie, site, true, "", 0},
		"cs":           {evidence.CookieStore, site, true, "", 86400},
		"hop1":         {evidence.HTTP, "https://hop1.ways3.test/", true, "", 0},
		"hop2":         {evidence.HTTP, "https://hop2.ways3.test/", true, "", 0},
		"px_http":      {evidence.HTTP, "https://pixel.ways3.test/a", true, "", twoYears},
		"px_lax":       {evidence.HTTP, "https://pixel.ways3.test/refused", false, "SameSiteUnspecifiedTreatedAsLax", 0},
		"px_late":      {evidence.HTTP, "https://pixel.ways3.test/late", true, "", 0},
		"px_bye":       {evidence.HTTP, "https://pixel.ways3.test/bye", true, "", 0},
		"fr_http":      {evidence.HTTP, "https://frame.ways4.test/", true, "", 0},
		"fr_chips":     {evidence.DocumentCookie, "https://frame.ways4.test/", true, "", 100},
		"fr_late":      {evidence.DocumentCookie, "https://frame.ways4.test/", true, "", 0},
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, pages := tour(t, b, browser.VisitOptions{}, site)
		if pages[0].Outcome != evidence.Complete {
			t.Errorf("page: %+v", pages[0])
		}
		got := map[string]fact{}
		for _, c := range r.Cookies {
			w := c.Writes[0]
			f := fact{Mechanism: w.Mechanism, Setter: w.URL, Stored: c.Stored, Blocked: strings.TrimPrefix(strings.Join(w.Blocked, ","), "Schemeful")}
			if w.Script != "" && w.Mechanism != evidence.HTTP {
				f.Setter = w.Script
			}
			if w.Requested != nil {
				f.Requested = *w.Requested
			}
			got[c.Name] = f
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("cookies (-want +got):\n%s", diff)
		}
		checkDetails(t, r)
	})
}

func checkDetails(t *testing.T, r *browser.Record) {
	t.Helper()
	if w := find(t, r, "js_file").Writes[0]; w.Line != 3 || w.Stack[0].Function != "write" {
		t.Errorf("js_file was written in line 3 by write(), recorded: line %d, stack %v", w.Line, w.Stack)
	}
	wide := find(t, r, "http_wide")
	if wide.HostOnly || wide.Domain != "ways.test" || wide.Path != "/x" {
		t.Errorf("http_wide: %+v", wide.CookieKey)
	}
	if c := find(t, r, "http"); !c.HostOnly || !c.HTTPOnly || !c.Secure || c.Path != "/" {
		t.Errorf("http: %+v", c)
	}
	if c := find(t, r, "fr_chips"); c.PartitionKey != "https://ways.test" {
		t.Errorf("fr_chips: partition key %q", c.PartitionKey)
	}
	late := find(t, r, "px_late").Writes[0]
	if late.AtMS < 8000 || late.AtMS > 10000 {
		t.Errorf("px_late was requested 8 s after the load, recorded at %d ms", late.AtMS)
	}
	if late.Script != "https://www.ways.test/" {
		t.Errorf("px_late was requested by the page's script, recorded: %q", late.Script)
	}
	if at := find(t, r, "js_late").Writes[0].AtMS; at < 8000 || at > 10000 {
		t.Errorf("js_late was written 8 s after the load, recorded at %d ms", at)
	}
	if w := find(t, r, "px_http").Writes[0]; !slices.Equal(w.Redirects, []string{"https://hop1.ways3.test/", "https://hop2.ways3.test/"}) {
		t.Errorf("px_http: redirects %v", w.Redirects)
	}
	if c := find(t, r, "js_gone"); len(c.Writes) != 2 || !c.Writes[1].Deletes {
		t.Errorf("js_gone was set and deleted, recorded: %+v", c.Writes)
	}
	for _, c := range r.Cookies {
		for _, w := range c.Writes {
			if strings.Contains(w.Raw, "=1;") || strings.HasSuffix(w.Raw, "=1") {
				t.Errorf("%s: the value stands in the raw line: %s", c.Name, w.Raw)
			}
		}
	}
	var items []string
	for _, s := range r.Storage {
		items = append(items, string(s.Kind)+" "+s.Origin+" "+s.Key)
	}
	want := []string{
		"localStorage https://frame.ways4.test fr_key",
		"indexedDB https://www.ways.test db",
		"localStorage https://www.ways.test by_call",
		"localStorage https://www.ways.test by_name",
		"sessionStorage https://www.ways.test ss",
	}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Errorf("storage (-want +got):\n%s", diff)
	}
}

// Each visit must be read in its own context: the jar of the default profile,
// or one jar for all, would mix up visits that overlap.
func TestVisitsThatOverlapKeepApart(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		var wg sync.WaitGroup
		got := make([][]string, 2)
		for i, site := range []string{"https://www.jar-a.test/", "https://www.jar-b.test/"} {
			wg.Go(func() {
				r, _ := tour(t, b, browser.VisitOptions{}, site)
				got[i] = names(r)
			})
		}
		wg.Wait()
		if diff := cmp.Diff([][]string{{"only_a"}, {"only_b"}}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A context is never used again: a second visit starts with an empty jar.
func TestVisitStartsEmpty(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		tour(t, b, browser.VisitOptions{}, "https://www.jar-a.test/")
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.jar-b.test/")
		if diff := cmp.Diff([]string{"only_b"}, names(r)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Chrome cuts lifetimes to 400 days; what was asked for stands beside it.
func TestRequestedLifetimeBesideStored(t *testing.T) {
	const twoYears, days400 = int64(63072000), int64(34560000)
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.capped.test/")
		for name, want := range map[string][2]int64{
			"capped_http": {twoYears, days400}, "capped_js": {twoYears, days400}, "short": {3600, 3600},
		} {
			c := find(t, r, name)
			if c.Requested == nil || c.Kept == nil || *c.Requested != want[0] || *c.Kept != want[1] {
				t.Errorf("%s: want requested and kept %v, got %v and %v", name, want, deref(c.Requested), deref(c.Kept))
			}
		}
	})
}

func deref(p *int64) any {
	if p == nil {
		return nil
	}
	return *p
}

// Debian's Chromium refuses third-party cookies unless the profile says
// otherwise; the self-test must see that they are stored.
func TestSelfTest(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		if err := b.SelfTest(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestRealTimeSeesTheSame(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		virtual, _ := tour(t, b, browser.VisitOptions{}, "https://www.ways.test/")
		live, _ := tour(t, b, browser.VisitOptions{RealTime: true}, "https://www.ways.test/")
		if diff := cmp.Diff(names(virtual), names(live)); diff != "" {
			t.Errorf("(-virtual +real):\n%s", diff)
		}
	})
}

// A new tab takes the place of the old one; its sessionStorage goes along, as it
// would for a visitor who follows a link.
func TestSessionStorageIsCarried(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.tabs.test/", "https://www.tabs.test/2")
		find(t, r, "carried")
	})
}

func TestPagesThatMisbehaveKeepWhatWasSeen(t *testing.T) {
	t.Parallel()
	for site, cookie := range map[string]string{
		"https://www.poll.test/": "first", "https://www.dialogs.test/": "after_dialogs",
		"https://www.loopjs.test/": "before_loop", "https://www.tampered.test/": "tampered",
	} {
		t.Run(cookie, func(t *testing.T) {
			each(t, func(t *testing.T, b *browser.Browser) {
				r, _ := tour(t, b, browser.VisitOptions{}, site)
				find(t, r, cookie)
			})
		})
	}
}

func TestTimesAndStacksSurviveTampering(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.tampered.test/")
		w := find(t, r, "tampered").Writes[0]
		if w.Script != "https://www.tampered.test/" || w.AtMS > 10000 || *w.Requested != 60 {
			t.Errorf("got %+v", w)
		}
	})
}

// The browser is killed in the middle of a visit: calls end, what was seen stays.
func TestBrowserDies(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if browsers[kind] == nil {
				t.Skipf("%s is not installed", kind)
			}
			ctx := t.Context()
			b, err := browser.Launch(ctx, options(kind))
			if err != nil {
				t.Fatal(err)
			}
			v, err := b.NewVisit(ctx, browser.VisitOptions{Phase: evidence.Before})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.Open(ctx, "https://www.crash.test/", "", 20*time.Second); err != nil {
				t.Fatal(err)
			}
			kill(t, b.PID())
			<-b.Gone()
			if err := v.Settle(ctx); !errors.Is(err, browser.ErrGone) {
				t.Errorf("settle: %v, want %v", err, browser.ErrGone)
			}
			if _, err := v.Open(ctx, "https://www.crash.test/", "", time.Second); !errors.Is(err, browser.ErrGone) {
				t.Errorf("open: %v, want %v", err, browser.ErrGone)
			}
			find(t, v.Record(), "before_crash")
			if err := v.Close(context.WithoutCancel(ctx)); !errors.Is(err, browser.ErrGone) {
				t.Errorf("close: %v", err)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
