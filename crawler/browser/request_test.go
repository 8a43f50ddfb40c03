package browser_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

func requestHosts() map[string]http.Handler {
	return map[string]http.Handler{
		"www.ids.test": paths(map[string]http.HandlerFunc{
			"/{$}": document(`<meta name=referrer content=unsafe-url><script>document.cookie="uid=u-4711-abcdef";localStorage.setItem("dev","d3v1c3-0815");
const to="https://sync.ids2.test/";
(async()=>{ const hex=async(a)=>[...new Uint8Array(await crypto.subtle.digest(a,new TextEncoder().encode("u-4711-abcdef")))].map((b)=>b.toString(16).padStart(2,"0")).join("");
new Image().src=to+"plain?id=u-4711-abcdef"; new Image().src=to+"url?u="+encodeURIComponent("https://x.test/?id=u-4711-abcdef");
new Image().src=to+"base64?id="+btoa("u-4711-abcdef"); new Image().src=to+"sha1?id="+await hex("SHA-1"); new Image().src=to+"sha256?id="+await hex("SHA-256");
fetch(to+"fetched",{method:"POST",mode:"no-cors",body:JSON.stringify({id:"u-4711-abcdef"})}); navigator.sendBeacon(to+"beacon","dev=d3v1c3-0815");
new Image().src=to+"nothing?x=1"; new Image().src="https://www.ids.test/own?id=u-4711-abcdef"; })();
</script><img src="https://sync.ids2.test/set"><iframe src="/u-4711-abcdef.html"></iframe>`),
			"/own":                pixel("own=1"),
			"/u-4711-abcdef.html": document(`<meta name=referrer content=unsafe-url><img src="https://sync.ids2.test/referred">`),
		}),
		"sync.ids2.test": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/set" {
				http.SetCookie(w, &http.Cookie{Name: "partner", Value: "p4rtn3r-9", Path: "/", SameSite: http.SameSiteNoneMode, Secure: true})
				http.Redirect(w, r, "/after", http.StatusFound)
				return
			}
			w.Header().Set("Content-Type", "image/gif")
		}),
	}
}

func TestRequestsTellWhatTheyCarry(t *testing.T) {
	uid := func(encoding, in string) []evidence.Carried {
		return []evidence.Carried{{Kind: evidence.KindCookie, Name: "uid", Owner: "www.ids.test", Encoding: encoding, In: in}}
	}
	want := map[string][]evidence.Carried{
		"/plain": uid("plain", "url"), "/url": uid("url", "url"), "/base64": uid("base64", "url"), "/sha1": uid("sha1", "url"), "/sha256": uid("sha256", "url"),
		"/fetched": uid("plain", "body"), "/referred": uid("plain", "referer"),
		"/beacon":  {{Kind: evidence.KindLocalStorage, Name: "dev", Owner: "https://www.ids.test", Encoding: "plain", In: "body"}},
		"/nothing": nil, "/set": nil, "/after": nil,
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.ids.test/")
		got := map[string][]evidence.Carried{}
		for _, q := range r.Requests {
			path, _, _ := strings.Cut(strings.TrimPrefix(q.URL, "https://sync.ids2.test"), "?")
			switch {
			case q.Host == "sync.ids2.test":
				got[path] = q.Carries
			case len(q.Carries) > 0:
				t.Errorf("the site's own request %s: %v", q.URL, q.Carries)
			}
			if q.Initiator == "" && q.URL != "https://www.ids.test/" {
				t.Errorf("%s: nobody asked for it", q.URL)
			}
			if path == "/after" && !slices.Equal(q.Cookies, []string{"partner"}) || path == "/set" && q.SentCookie {
				t.Errorf("%s carried the cookies %q", path, q.Cookies)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
