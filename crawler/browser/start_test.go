package browser_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

// An echo is what a document or worker said of itself, with the head of the
// request by which it said so.
type echo struct {
	Language  string   `json:"language"`
	Languages []string `json:"languages"`
	Intl      string   `json:"intl"`
	Zone      string   `json:"zone"`
	Agent     string   `json:"agent"`
	Mobile    *bool    `json:"mobile"`
	GPC       *bool    `json:"gpc"`
	DNT       *string  `json:"dnt"`
	Touch     int      `json:"touch"`
	Width     int      `json:"width"`
	Ratio     float64  `json:"ratio"`
	Place     string   `json:"place"`
	Cookie    string   `json:"cookie"`
	Stored    string   `json:"stored"`
	Head      http.Header
}

// echoes collects what each party of a run said: runs are told apart by a
// parameter of the page's address.
type echoes struct {
	mu   sync.Mutex
	said map[string]echo
	head map[string]http.Header
}

var heard = &echoes{said: map[string]echo{}, head: map[string]http.Header{}}

func (e *echoes) of(t *testing.T, run, who string) echo {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	x, ok := e.said[run+" "+who]
	if !ok {
		t.Errorf("%s was not heard of", who)
	}
	return x
}

func (e *echoes) headOf(t *testing.T, run, path string) http.Header {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	h, ok := e.head[run+" "+path]
	if !ok {
		t.Errorf("no request for %s was seen", path)
	}
	return h
}

func (e *echoes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	run := r.URL.Query().Get("run")
	e.mu.Lock()
	e.head[run+" "+r.Host+r.URL.Path] = r.Header
	e.mu.Unlock()
	script := func(s string) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, strings.ReplaceAll(s, "RUN", run))
	}
	switch r.URL.Path {
	case "/say":
		var x echo
		if json.NewDecoder(r.Body).Decode(&x) == nil {
			x.Head = r.Header
			e.mu.Lock()
			e.said[run+" "+r.URL.Query().Get("who")] = x
			e.mu.Unlock()
		}
		w.WriteHeader(http.StatusNoContent)
	case "/echo.js", "/import.js":
		script(echoScript)
	case "/worker.js", "/shared.js", "/service.js":
		script(`importScripts("/import.js?run=RUN"); say("RUN", "` + strings.Trim(r.URL.Path, "/") + `")`)
	case "/moved":
		http.Redirect(w, r, "https://other.start.example/landed?run="+run, http.StatusFound)
	case "/frame":
		document(strings.ReplaceAll(`<script src="/echo.js?run=RUN"></script><script>say("RUN", "frame").then(() => parent.postMessage("said", "*"))</script>`, "RUN", run))(w, r)
	case "/popup":
		document(strings.ReplaceAll(`<script src="/echo.js?run=RUN"></script><script>say("RUN", "popup")</script>`, "RUN", run))(w, r)
	case "/":
		document(strings.ReplaceAll(echoPage, "RUN", run))(w, r)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

const echoScript = `
async function say(run, who) {
  const n = navigator, d = globalThis.document;
  const place = d && n.geolocation && await new Promise(done => {
    setTimeout(done, 3000, "silent"); // a question that nobody answers
    n.geolocation.getCurrentPosition(p => done(p.coords.latitude + "," + p.coords.longitude), e => done("refused"));
  });
  await fetch("/say?run=" + run + "&who=" + who, {method: "POST", body: JSON.stringify({
    language: n.language, languages: n.languages, intl: new Intl.NumberFormat().resolvedOptions().locale,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone, agent: n.userAgent, mobile: n.userAgentData ? n.userAgentData.mobile : null,
    gpc: n.globalPrivacyControl, dnt: n.doNotTrack, touch: n.maxTouchPoints, width: globalThis.innerWidth, ratio: globalThis.devicePixelRatio,
    place: place || "", cookie: d ? d.cookie : "", stored: d ? (localStorage.getItem("mine") || "") + "/" + (sessionStorage.getItem("tab") || "") : "",
  })});
}`

const echoPage = `<meta name=viewport content="width=device-width">
<script src="/echo.js?run=RUN"></script><script>
// A window in front of the page would keep it from being told where it is.
Promise.all([say("RUN", "page"), new Promise(done => addEventListener("message", done))]).then(() => open("/popup?run=RUN"));
new Worker("/worker.js?run=RUN");
new SharedWorker("/shared.js?run=RUN");
navigator.serviceWorker.register("/service.js?run=RUN");
fetch("/moved?run=RUN", {mode: "no-cors"});
fetch("https://other.start.example/ping?run=RUN", {mode: "no-cors"});
</script><iframe src="https://other.start.example/frame?run=RUN" allow="geolocation"></iframe>`

func startHosts() map[string]http.Handler {
	return map[string]http.Handler{
		"echo.test": heard, "www.echo.test": heard, "other.start.example": heard,
		"own.test": http.HandlerFunc(ownPage), "only.proxied.example": document("over the proxy"),
	}
}

// visitEcho opens the page of a run in a browser of its own.
func visitEcho(t *testing.T, kind, run string, client browser.Client, visit browser.VisitOptions) {
	t.Helper()
	if browsers[kind] == nil {
		t.Skipf("%s is not installed", kind)
	}
	o := options(kind)
	o.Client = client
	b, err := browser.Launch(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	tour(t, b, visit, "https://www.echo.test/?run="+run)
}

// What the visitor is and wishes reaches every document, worker and window, and
// every request.
func TestStartState(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			run := "state-" + kind
			visitEcho(t, kind, run, browser.Client{Locale: "de-AT", Timezone: "Asia/Tokyo", Device: "phone"}, browser.VisitOptions{GPC: true, Start: browser.Start{
				Domain: "echo.test", Headers: []browser.Header{{Name: "X-Mine", Value: "hush"}}, DNT: true,
				Position: &browser.Position{Latitude: 48.25, Longitude: 16.5},
			}})
			for _, who := range []string{"page", "frame", "popup", "worker.js", "shared.js", "service.js"} {
				x := heard.of(t, run, who)
				document := !strings.HasSuffix(who, ".js")
				want := echo{
					Language: "de-AT", Languages: []string{"de-AT", "de"}, Intl: "de-AT", Zone: "Asia/Tokyo", Agent: x.Agent,
					Mobile: ptr(true), GPC: ptr(true), DNT: ptr("1"), Width: x.Width, Ratio: x.Ratio, Cookie: x.Cookie, Stored: x.Stored, Head: x.Head,
				}
				if document {
					want.Touch, want.Place, want.Ratio = 5, "48.25,16.5", 2.625
				}
				if who == "page" {
					want.Width = 412
				}
				if d := cmp.Diff(want, x); d != "" {
					t.Errorf("%s: %s", who, d)
				}
				if !strings.Contains(x.Agent, "Android") || !strings.Contains(x.Agent, "Mobile Safari") {
					t.Errorf("%s: user agent %q is not that of a phone", who, x.Agent)
				}
			}
			for _, path := range []string{"/", "/popup", "/echo.js", "/worker.js", "/shared.js", "/moved", "/say"} {
				h := heard.headOf(t, run, "www.echo.test"+path)
				if h.Get("X-Mine") != "hush" {
					t.Errorf("%s came without the user's header", path)
				}
			}
			for _, path := range []string{"/frame", "/landed", "/ping", "/echo.js"} {
				h := heard.headOf(t, run, "other.start.example"+path)
				if _, sent := h["X-Mine"]; sent {
					t.Errorf("the user's header went to another site (%s)", path)
				}
				if h.Get("Sec-GPC") != "1" || h.Get("DNT") != "1" || h.Get("Accept-Language") != "de-AT,de;q=0.9" || h.Get("Sec-CH-UA-Mobile") != "?1" ||
					strings.Contains(h.Get("Sec-CH-UA"), "Headless") {
					t.Errorf("%s: %v", path, h)
				}
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

// Nothing of all that is said by a visitor who chose nothing.
func TestNoStartState(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			run := "none-" + kind
			visitEcho(t, kind, run, browser.Client{}, browser.VisitOptions{})
			x := heard.of(t, run, "page")
			if x.GPC != nil || x.Touch != 0 || x.Place != "refused" && x.Place != "silent" || x.Width != 1366 || *x.Mobile {
				t.Errorf("%+v", x)
			}
			h := heard.headOf(t, run, "www.echo.test/")
			for _, name := range []string{"Sec-Gpc", "Dnt", "X-Mine"} {
				if _, sent := h[name]; sent {
					t.Errorf("%s was sent: %v", name, h)
				}
			}
			if strings.Contains(h.Get("Sec-CH-UA"), "Headless") {
				t.Errorf("the client hints say %s", h.Get("Sec-CH-UA"))
			}
		})
	}
}

// The user's own cookies and storage are there from the first page on and are
// not the site's; what the site makes of them is.
func TestOwnCookiesAndStorage(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		start := browser.Start{
			Cookies: []browser.StartCookie{
				{Name: "kept", Value: "1", URL: "https://own.test/"},
				{Name: "wide", Value: "2", Domain: ".own.test", Secure: true, HTTPOnly: true, SameSite: "Lax", Expires: time.Now().Add(time.Hour)},
				{Name: "renewed", Value: "3", URL: "https://own.test/"},
				{Name: "changed", Value: "4", URL: "https://own.test/"},
			},
			Storage: []browser.StartItem{
				{Origin: "https://own.test", Key: "mine", Value: "kept"},
				{Origin: "https://own.test", Key: "again", Value: "x"},
				{Origin: "https://own.test", Session: true, Key: "tab", Value: "kept"},
				{Origin: "https://nobody.test", Key: "mine", Value: "y"},
			},
		}
		v, err := b.NewVisit(t.Context(), browser.VisitOptions{Phase: evidence.Before, Start: start})
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close(context.WithoutCancel(t.Context()))
		for range 2 { // a second page finds what the first one left
			p, err := v.Open(t.Context(), "https://own.test/", "", 20*time.Second)
			if err != nil || p.Outcome != evidence.Complete {
				t.Fatalf("%v, %+v", err, p)
			}
			for _, step := range []func(context.Context) error{v.Settle, v.Snapshot} {
				if err := step(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		r := v.Record()
		if d := cmp.Diff([]string{"changed", "renewed", "saw"}, names(r)); d != "" {
			t.Errorf("cookies: %s", d)
		}
		if c := find(t, r, "saw"); c.Value.Length != len("kept=1; renewed=3; wide=2; kept/kept") {
			t.Errorf("the page did not find what the user put in: %d bytes", c.Value.Length)
		}
		var items []string
		for _, s := range r.Storage {
			items = append(items, s.Key)
		}
		if d := cmp.Diff([]string{"again"}, items); d != "" {
			t.Errorf("storage: %s", d)
		}
		for _, q := range r.Requests {
			if q.Host != "own.test" {
				t.Errorf("%s was asked for the storage's sake", q.URL)
			}
		}
		if len(v.Notes()) > 0 {
			t.Errorf("notes: %v", v.Notes())
		}
	})
}

// ownPage writes a cookie that tells what its server and its script found.
func ownPage(w http.ResponseWriter, r *http.Request) {
	names := []string{}
	for _, c := range r.Cookies() {
		if c.Name == "kept" || c.Name == "renewed" || c.Name == "wide" {
			names = append(names, c.Name+"="+c.Value)
		}
	}
	slices.Sort(names)
	w.Header().Add("Set-Cookie", "renewed=3; Max-Age=600")
	document(`<script>document.cookie = "changed=5"; localStorage.setItem("again", "x");
document.cookie = "saw=" + encodeURIComponent("`+strings.Join(names, "; ")+`; ").replace(/%3B%20/g, "..").replace(/%3D/g, "=") + localStorage.getItem("mine") + "/" + sessionStorage.getItem("tab")</script>`)(w, r)
}

// A proxy that asks for credentials gets the user's; a wrong password ends.
func TestProxy(t *testing.T) {
	proxy := newProxy(t)
	each(t, func(t *testing.T, b *browser.Browser) {
		for _, tt := range []struct {
			user *url.Userinfo
			ok   bool
		}{{url.UserPassword("me", "hush"), true}, {url.UserPassword("me", "wrong"), false}, {nil, false}} {
			at := &url.URL{Scheme: "http", Host: proxy, User: tt.user}
			v, err := b.NewVisit(t.Context(), browser.VisitOptions{Phase: evidence.Before, Start: browser.Start{Proxy: at}})
			if err != nil {
				t.Fatal(err)
			}
			for _, address := range []string{"https://only.proxied.example/", "http://only.proxied.example/"} {
				p, err := v.Open(t.Context(), address, "", 20*time.Second)
				if err != nil || (p.Outcome == evidence.Complete) != tt.ok {
					t.Errorf("%s as %v: %v, %+v", address, tt.user != nil, err, p)
				}
				if strings.Contains(fmt.Sprint(p, v.Notes()), "hush") {
					t.Errorf("the password is in the record: %+v", p)
				}
			}
			if err := v.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
}

// newProxy serves a forward proxy that knows one user and sends every
// connection to the fixtures' server.
func newProxy(t *testing.T) string {
	t.Helper()
	at := map[string]string{}
	for _, rule := range server.Resolve() {
		parts := strings.SplitN(rule, ":", 3)
		at[parts[1]] = parts[2]
		if parts[0] == "echo.test" && parts[1] == "80" {
			break
		}
	}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:hush"))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != want {
			w.Header().Set("Proxy-Authenticate", `Basic realm="p"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if r.Method != http.MethodConnect {
			document("over the proxy")(w, r)
			return
		}
		upstream, err := net.Dial("tcp", at["443"])
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		go func() {
			_, _ = io.Copy(upstream, client)
			upstream.Close()
		}()
		_, _ = io.Copy(client, upstream)
		client.Close()
	}))
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}
