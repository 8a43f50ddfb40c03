package browser_test

import (
	"bytes"
	"context"
	"image/color"
	"image/png"
	"net/http"
	"testing"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

func pictureHosts() map[string]http.Handler {
	return map[string]http.Handler{
		"www.picture.test": document(`<style>body{margin:0}#b{position:fixed;inset:auto 0 0 0;height:200px;background:#c00;animation:in 1s}@keyframes in{from{transform:translateY(200px)}}</style><div id=b>Cookies?</div>
<script>setTimeout(() => { document.body.style.background = "#0c0" }, 3000)</script>`),
	}
}

// reddish says that a pixel is of the bar. A layer that was just moved can be
// drawn a few levels off (198 for 204 was seen).
func reddish(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r>>8 > 0xb0 && r>>8 < 0xe8 && g == 0 && b == 0
}

// A picture shows the window as it is, in virtual time and in real, and taking it
// does not move the page's clock on.
func TestScreenshot(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		for _, slow := range []bool{false, true} {
			ctx := t.Context()
			v, err := b.NewVisit(ctx, browser.VisitOptions{Phase: evidence.Before, RealTime: slow})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := v.Close(context.WithoutCancel(ctx)); err != nil {
					t.Error(err)
				}
			}()
			if _, err := v.Screenshot(ctx); err == nil {
				t.Error("a picture of no page")
			}
			if _, err := v.Open(ctx, "https://www.picture.test/", "", 20*time.Second); err != nil {
				t.Fatal(err)
			}
			white, green := color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0xcc, 0, 255}
			for _, want := range []color.RGBA{white, green} {
				if err := v.Advance(ctx, 1500*time.Millisecond); err != nil {
					t.Fatal(err)
				}
				raw, err := v.Screenshot(ctx)
				if err != nil {
					t.Fatal(err)
				}
				img, err := png.Decode(bytes.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				size := img.Bounds().Size()
				if got := color.RGBAModel.Convert(img.At(5, 5)); got != want {
					t.Errorf("real time %v: the page is %v, want %v", slow, got, want)
				}
				if got := img.At(5, size.Y-5); !reddish(got) || size.X < 800 || size.Y < 500 {
					t.Errorf("real time %v: the bar is %v in a picture of %v", slow, got, size)
				}
				if err := v.Advance(ctx, 3*time.Second); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
