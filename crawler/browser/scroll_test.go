package browser_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
)

// scrollHosts are a page that loads most of what it has when it comes into view,
// and one that grows whenever it is scrolled.
func scrollHosts() map[string]http.Handler {
	return map[string]http.Handler{
		"www.long.test": document(`<div style="height:4000px"></div><iframe loading=lazy src="https://embed.long3.test/"></iframe>
<img loading=lazy src="https://pixel.long3.test/"><p id=end>end</p><script>addEventListener("scroll",()=>{document.cookie="on_scroll=1"});
new IntersectionObserver((es,o)=>{if(es.some(e=>e.isIntersecting)){o.disconnect();document.cookie="in_view=1";setTimeout(()=>{document.cookie="in_view_late=1"},1000)}}).observe(end)</script>`),
		"www.screens.test": document(`<script>for(let i=0;i<16;i++){const d=document.createElement("div");d.style.height="850px";document.body.append(d);
new IntersectionObserver((es)=>{if(es.some(e=>e.isIntersecting))document.cookie="screen"+i+"=1"}).observe(d)}</script>`),
		"embed.long3.test": document(`<script>document.cookie="embed_js=1`+third+`"</script>`, "Set-Cookie", "embed=1"+third),
		"pixel.long3.test": pixel("pixel=1" + third),
		"www.waits.test": paths(map[string]http.HandlerFunc{"/{$}": document(`<script>addEventListener("mousemove",()=>{const s=document.createElement("script");s.src="/tag.js";document.head.append(s)},{once:true})</script>`), "/tag.js": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(`setTimeout(()=>{document.cookie="held_back=1"},1500)`))
		}}),
		"www.grows.test": document(`<style>html{scroll-behavior:smooth}</style><div style="height:2000px"></div><script>
addEventListener("scroll",()=>{document.body.append(Object.assign(document.createElement("div"),{style:"height:2000px"}));document.cookie="grown=1"})</script>`),
	}
}

func TestWhatLiesBelowTheFirstScreen(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		for _, realTime := range []bool{false, true} {
			r, _ := tour(t, b, browser.VisitOptions{RealTime: realTime}, "https://www.long.test/")
			want := []string{"embed", "embed_js", "in_view", "in_view_late", "on_scroll", "pixel"}
			if diff := cmp.Diff(want, names(r)); diff != "" {
				t.Errorf("real time %v: cookies (-want +got):\n%s", realTime, diff)
			}
		}
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.screens.test/")
		if len(names(r)) != 16 {
			t.Errorf("a page of sixteen screens: what came into view is %v", names(r))
		}
		r, _ = tour(t, b, browser.VisitOptions{}, "https://www.waits.test/")
		if diff := cmp.Diff([]string{"held_back"}, names(r)); diff != "" {
			t.Errorf("a page that waits for the visitor: cookies (-want +got):\n%s", diff)
		}
		r, _ = tour(t, b, browser.VisitOptions{}, "https://www.grows.test/")
		if diff := cmp.Diff([]string{"grown"}, names(r)); diff != "" {
			t.Errorf("a page without an end: cookies (-want +got):\n%s", diff)
		}
	})
}
