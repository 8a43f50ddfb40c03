package crawler

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

// looks is a banner whose every measure is known: colours from ancestors, layers
// that let something through, an image, a fade and a text of its own element.
const looks = `<!doctype html><html lang=en style="overflow:hidden"><title>t</title><link rel=icon href=data:,><body style="margin:0;background:#fff;height:3000px"><h1>Mill</h1>
<style>button,a{position:absolute;top:100px;box-sizing:border-box;height:40px;border:0;padding:0;margin:0}</style>
<div role=dialog style="position:fixed;left:50px;top:200px;width:900px;height:300px;background:#ffffff">
<p style="margin:0">We use cookies on this website to analyse traffic and for advertising.</p>
<button style="left:0;width:200px;background:#0000ff;color:#fff;font:700 18px serif">Accept all</button>
<a href="#" onclick="return false" style="left:210px;width:90px;color:#767676;font:400 12px serif">Reject all</a>
<button style="left:310px;width:90px;background:linear-gradient(#000,#fff);color:#fff;font:400 14px serif">Cookie settings</button>
<button style="left:410px;width:90px;background:rgba(0,0,0,.5);color:rgba(255,255,255,.5);font:400 14px serif">Manage cookies</button>
<button style="left:510px;width:90px;background:#000;color:oklch(1 0 0);font:400 14px serif"><span style="font-size:20px">Save</span></button>
<button style="left:610px;width:90px;background:#fff;color:#000;opacity:.5;font:400 14px serif">Cookie options</button>
</div>`

func TestBannerLooks(t *testing.T) {
	t.Parallel()
	server := serveChoices(t, map[string]http.Handler{
		"www.looks.test": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, looks)
		}),
	})
	at := func(n int) *int { return &n }
	ratio := func(r float64) *float64 { return &r }
	want := []evidence.BannerControl{
		{Layer: 1, Role: "accept", Kind: "button", Label: "Accept all", Width: 200, Height: 40, X: at(50), Y: at(300), Contrast: ratio(8.59), Color: "#ffffff", Background: "#0000ff", FontSize: 18, FontWeight: 700},
		{Layer: 1, Role: "reject", Kind: "link", Label: "Reject all", Width: 90, Height: 40, X: at(260), Y: at(300), Contrast: ratio(4.54), Color: "#767676", Background: "#ffffff", FontSize: 12, FontWeight: 400},
		{Layer: 1, Role: "settings", Kind: "button", Label: "Cookie settings", Width: 90, Height: 40, X: at(360), Y: at(300), FontSize: 14, FontWeight: 400},
		// Half black on white is 127.5 of 255, and half white on that 191.25.
		{Layer: 1, Role: "settings", Kind: "button", Label: "Manage cookies", Width: 90, Height: 40, X: at(460), Y: at(300), Contrast: ratio(2.15), Color: "#bfbfbf", Background: "#808080", FontSize: 14, FontWeight: 400},
		{Layer: 1, Role: "save", Kind: "button", Label: "Save", Width: 90, Height: 40, X: at(560), Y: at(300), Contrast: ratio(21), Color: "#ffffff", Background: "#000000", FontSize: 20, FontWeight: 400},
		{Layer: 1, Role: "settings", Kind: "button", Label: "Cookie options", Width: 90, Height: 40, X: at(660), Y: at(300), FontSize: 14, FontWeight: 400},
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) { c.Pages = 0 })
			r := onePhase(t, c, "www.looks.test", evidence.Before, nil)
			b := r.banner
			if b == nil || !b.Found {
				t.Fatalf("banner %+v, %s", b, r.visit.Why)
			}
			if diff := cmp.Diff(want, b.Controls); diff != "" {
				t.Errorf("controls (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(&evidence.Box{X: 50, Y: 200, Width: 900, Height: 300}, b.Box); diff != "" {
				t.Errorf("box (-want +got):\n%s", diff)
			}
			if b.Form != "dialog" || b.ScrollLocked == nil || !*b.ScrollLocked || b.ViewWidth < 1000 || b.ViewHeight < 600 {
				t.Errorf("form %s, scroll locked %v, window %d × %d", b.Form, b.ScrollLocked, b.ViewWidth, b.ViewHeight)
			}
			if n := len(r.visit.Screenshots); n != 1 || r.visit.Screenshots[0].Stage != "first_layer" {
				t.Errorf("%d screenshots", n)
			}
		})
	}
}
