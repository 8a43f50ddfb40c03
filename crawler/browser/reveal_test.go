package browser_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

// revealHosts are pages with shadow roots of every kind: made by a script and
// declared, within one another, in frames, and below more levels of markup than
// the browser tells of at once. Beside them are those of the browser's own.
func revealHosts() map[string]http.Handler {
	const inner = `<p id=declared><template shadowrootmode=closed><b>x</b></template></p>`
	return map[string]http.Handler{
		"www.reveal.test": paths(map[string]http.HandlerFunc{
			"/{$}": document(`<input type=date><video controls></video>
<div id=open></div><div id=made></div>` + inner + `
<div id=far></div>
<iframe src=/frame></iframe><iframe src=https://www.revealed.test/></iframe>
<script>
const host = (id) => document.getElementById(id);
host("open").attachShadow({mode: "open"}).innerHTML = "<section id=below></section>";
host("open").shadowRoot.getElementById("below").attachShadow({mode: "closed"}).innerHTML = "<div id=lowest></div>";
const made = host("made").attachShadow({mode: "closed"});
made.innerHTML = "<div id=within></div>";
made.getElementById("within").attachShadow({mode: "closed"});
let at = host("far");
for (let i = 0; i < 400; i++) at = at.appendChild(document.createElement("div"));
at.id = "furthest";
at.attachShadow({mode: "closed"});
</script>`),
			"/frame": document(inner),
		}),
		"www.revealed.test": document(inner),
		"www.closed-login.test": document(`<div id=l></div><script>
const r = l.attachShadow({mode: "closed"});
r.innerHTML = "<input id=name><button id=go>Log in</button>";
r.getElementById("go").onclick = () => { document.title = "Hello " + r.getElementById("name").value };
</script>`),
	}
}

func TestReveal(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		ctx := t.Context()
		v, err := b.NewVisit(ctx, browser.VisitOptions{Phase: evidence.Before})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := v.Close(context.WithoutCancel(ctx)); err != nil {
				t.Error(err)
			}
		}()
		if _, err := v.Open(ctx, "https://www.reveal.test/", "", 20*time.Second); err != nil {
			t.Fatal(err)
		}
		if v.Closed() {
			t.Error("closed shadow roots are known before anybody looked")
		}
		for round, want := range []int{7, 0} { // five on the page, one in each frame
			n, err := v.Reveal(ctx)
			if err != nil || n != want || !v.Closed() {
				t.Errorf("round %d: %d closed shadow roots (%v), want %d", round, n, err, want)
			}
		}
		const ask = `(() => {
  const see = (host, ...ids) => { for (const id of ids) host = host && host.shadowRoot && host.shadowRoot.getElementById(id); return !!(host && host.shadowRoot) };
  const of = (id) => document.getElementById(id);
  return [see(of("made")), see(of("made"), "within"), see(of("declared")), see(of("open")), see(of("open"), "below"), see(of("furthest")), see(of("far")), see(document.querySelector("input"))];
})()`
		var ours, theirs []bool
		if err := v.Top().Eval(ctx, ask, &ours); err != nil {
			t.Fatal(err)
		}
		if err := v.Top().EvalMain(ctx, ask, &theirs); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([][]bool{{true, true, true, true, true, true, false, false}, {false, false, false, true, false, false, false, false}}, [][]bool{ours, theirs}); diff != "" {
			t.Errorf("what is seen in our world and in the page's (-want +got):\n%s", diff)
		}
		if missed := v.Missed(); len(missed) > 0 {
			t.Errorf("missed: %q", missed)
		}
	})
}

// A form in a closed shadow root is filled in like any other.
func TestFormInClosedRoot(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		ctx := t.Context()
		v, err := b.NewVisit(ctx, browser.VisitOptions{Phase: evidence.Before})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := v.Close(context.WithoutCancel(ctx)); err != nil {
				t.Error(err)
			}
		}()
		if _, err := v.Open(ctx, "https://www.closed-login.test/", "", 20*time.Second); err != nil {
			t.Fatal(err)
		}
		if err := v.Fill(ctx, "#name", "Ann", false, 10*time.Second); err != nil {
			t.Fatal(err)
		}
		if err := v.Click(ctx, "#go", 10*time.Second); err != nil {
			t.Fatal(err)
		}
		var title string
		if err := v.Top().Eval(ctx, "document.title", &title); err != nil || title != "Hello Ann" {
			t.Errorf("title %q (%v)", title, err)
		}
	})
}
