package browser_test

import (
	"fmt"
	"net/http"
	"testing"

	"cookieaudit/crawler/browser"
)

// frameClockHosts are a page and frames of another site, which full Chromium
// keeps in a process with a clock of its own.
func frameClockHosts() map[string]http.Handler {
	at := func(name string, ms int) string {
		return fmt.Sprintf(`setTimeout(()=>{document.cookie=%q},%d);`, name+"=1; SameSite=None; Secure", ms)
	}
	frame := func(path string) string { return "https://frames.clock-frames.test" + path }
	return map[string]http.Handler{
		"www.clocks.test": document(`<iframe src="` + frame("/static") + `"></iframe><iframe id=later></iframe>
<script>
function add(path) { const f = document.createElement("iframe"); f.src = "` + frame("") + `" + path; document.body.append(f) }
for (let ms = 50; ms < 9000; ms += 50) setTimeout(() => {}, ms); // the clock goes in small steps
setTimeout(() => add("/after2"), 2000);
setTimeout(() => { document.getElementById("later").src = "` + frame("/after4") + `" }, 4000);
setTimeout(() => add("/after6"), 6000);
` + at("page8", 8000) + `</script>`),
		"frames.clock-frames.test": paths(map[string]http.HandlerFunc{
			"/static": document("<script>" + at("static0", 0) + at("static3", 3000) + at("static9", 9000) + "</script>"),
			"/after2": document("<script>document.cookie='after2=1; SameSite=None; Secure';" + at("after2_1", 1000) + "</script>"),
			"/after4": document("<script>document.cookie='after4=1; SameSite=None; Secure';" + at("after4_1", 1000) + "new Image().src='/pixel'</script>"),
			"/after6": document("<script>document.cookie='after6=1; SameSite=None; Secure';fetch('/nested')</script><iframe src=/nested></iframe>"),
			"/nested": document("<script>document.cookie='nested6=1; SameSite=None; Secure'</script>"),
			"/pixel":  document("", "Set-Cookie", "pixel4=1; SameSite=None; Secure"),
		}),
	}
}

// What a frame of another site does is told on the clock of its page, whatever
// the clock of its own process shows.
func TestFramesKeepThePagesTime(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.clocks.test/")
		want := map[string]int64{
			"static0": 0, "static3": 3000, "static9": 9000, "page8": 8000, "after2": 2000, "after2_1": 3000,
			"after4": 4000, "after4_1": 5000, "pixel4": 4000, "after6": 6000, "nested6": 6000,
		}
		// A busy machine takes its time to load the page, and what is known of the
		// page's clock is never early.
		late := int64(-1)
		for _, c := range r.Cookies {
			if c.Name == "page8" {
				late = c.Writes[0].AtMS - 8000
			}
		}
		if late < 0 {
			t.Fatal("the page's own timer was not seen")
		}
		for _, c := range r.Cookies {
			at := c.Writes[0].AtMS
			if least, known := want[c.Name]; !known || at < least || at > least+late+700 {
				t.Errorf("%s at %d ms, want %d; the page was loaded after %d ms", c.Name, at, least, late)
			}
			delete(want, c.Name)
		}
		if len(want) > 0 {
			t.Errorf("not seen: %v", want)
		}
	})
}
