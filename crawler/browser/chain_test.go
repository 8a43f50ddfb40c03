package browser_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
)

func chainHosts() map[string]http.Handler {
	insert := func(src string) string {
		return "const s=document.createElement('script');s.src='" + src + "';document.head.append(s);"
	}
	return map[string]http.Handler{
		"www.chain.test": paths(map[string]http.HandlerFunc{
			"/{$}":    document(`<script src="https://tags.chain2.test/manager.js"></script><iframe srcdoc="<script>document.cookie='in_markup=1'</script>"></iframe>`, "Set-Cookie", "doc=1"),
			"/second": document("", "Set-Cookie", "doc=1"),
		}),
		"tags.chain2.test": paths(map[string]http.HandlerFunc{
			"/manager.js": code(insert("https://tags.chain2.test/loader.js") +
				"import('https://tags.chain2.test/module.js');" +
				"document.write(\"<script>document.cookie='written=1'</scr\" + \"ipt>\");" +
				"eval(\"document.cookie='evalled=1'\\n//# sourceURL=https://elsewhere.test/fake.js\");" +
				"const f=document.createElement('iframe');f.src='https://frame.chain3.test/';document.documentElement.append(f);" +
				"const d=document.createElement('iframe');d.srcdoc=\"<script>document.cookie='in_srcdoc=1'</scr\" + \"ipt><script src=https://tags.chain2.test/inner.js></scr\" + \"ipt>\";document.documentElement.append(d);" +
				"const b=document.createElement('iframe');document.documentElement.append(b);b.contentWindow.eval(\"document.cookie='in_blank=1'\");" +
				"const i=document.createElement('script');i.textContent=\"document.cookie='inline=1'\";document.head.append(i);"),
			"/inner.js":  code("document.cookie='inner=1'"),
			"/loader.js": code("setTimeout(()=>{" + insert("https://vendor.chain3.test/tag.js") + "},100)"),
			"/module.js": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Access-Control-Allow-Origin", "*")
				code("document.cookie='imported=1'")(w, r)
			},
		}),
		"vendor.chain3.test": paths(map[string]http.HandlerFunc{
			"/tag.js": code("document.cookie='deep=1'; new Image().src='https://vendor.chain3.test/p'"),
			"/p":      pixel("pixel=1" + third),
		}),
		"frame.chain3.test": paths(map[string]http.HandlerFunc{
			"/{$}":   document(`<script src="/in.js"></script>`, "Set-Cookie", "frame_doc=1"+third),
			"/in.js": code("document.cookie='in_frame=1" + third + "'"),
		}),
		"www.bounces.test": paths(map[string]http.HandlerFunc{
			"/{$}": redirect("https://track.bounces2.test/", "from=1"), "/home": document("", "Set-Cookie", "home=1"),
		}),
		"track.bounces2.test": redirect("https://www.bounces.test/home", "bounced=1"),
		"www.renews.test": paths(map[string]http.HandlerFunc{
			"/{$}": document("", "Set-Cookie", "slides=1; Max-Age=1000"), "/2": document("", "Set-Cookie", "slides=1; Max-Age=1000"),
		}),
	}
}

// Behind a tag manager the whole way is told by which the setter came in.
func TestChainsOfInitiators(t *testing.T) {
	const site, tags, vendor, frame = "https://www.chain.test/", "https://tags.chain2.test/", "https://vendor.chain3.test/", "https://frame.chain3.test/"
	manager := tags + "manager.js"
	want := map[string][]string{
		"doc":      {""},
		"deep":     {vendor + "tag.js", tags + "loader.js", manager, site},
		"imported": {tags + "module.js", manager, site},
		"written":  {manager, site}, // written by the manager into the page, as "inline" is
		"evalled":  {manager, site},
		"inline":   {manager, site},
		// An about: document has no address: who made its frame brought it in.
		"in_srcdoc": {"about:srcdoc", manager, site},
		"inner":     {tags + "inner.js", manager, site},
		"in_blank":  {manager, site},
		"in_markup": {"about:srcdoc", site},
		"in_frame":  {frame + "in.js", frame, manager, site},
		"pixel":     {vendor + "tag.js", vendor + "tag.js", tags + "loader.js", manager, site},
		// A document's initiators begin with the script that made the frame.
		"frame_doc": {manager, manager, site},
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, site)
		got := map[string][]string{}
		for _, c := range r.Cookies {
			got[c.Name] = append([]string{c.Writes[0].Script}, c.Writes[0].Initiators...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("script and initiators (-want +got):\n%s", diff)
		}
	})
}

func TestBounceThroughAnotherSite(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		r, pages := tour(t, b, browser.VisitOptions{}, "https://www.bounces.test/")
		for name, want := range map[string]bool{"from": false, "bounced": true, "home": false} {
			c := find(t, r, name)
			if c.Writes[0].Bounce != want || !c.Stored {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if c := find(t, r, "bounced"); c.Domain != "track.bounces2.test" {
			t.Errorf("the cookie of the way belongs to %s", c.Domain)
		}
		if pages[0].FinalURL != "https://www.bounces.test/home" {
			t.Errorf("arrived at %s", pages[0].FinalURL)
		}
	})
}

// A cookie that each page sets anew slides its end before it.
func TestRenewalsOnLaterPages(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.renews.test/", "https://www.renews.test/2")
		c := find(t, r, "slides")
		if len(c.Writes) != 2 || !strings.HasSuffix(c.Writes[1].Page, "/2") || c.Writes[1].AtMS <= c.Writes[0].AtMS || *c.Writes[1].Requested != 1000 {
			t.Errorf("%+v", c)
		}
	})
}
