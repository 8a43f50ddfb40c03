package browser

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

func TestIdentifies(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"GA1.1.1234567890.1700000000": true, "a3f9c2d17b": true, "8f14e45f-ceea-467f-a8b0-000000000001": true, "73190284": true,
		"": false, "accepted": false, "abc1": false, "1700000000": false, "1700000000123": false, "2026-11-22": false, "20261122": false,
		"00000001": false, "en-US,en": false, "has spaces 12345": false, strings.Repeat("a1b2c3", 100): false,
	} {
		if got := identifies(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestFindIdentifiers(t *testing.T) {
	t.Parallel()
	x := identifierIndex{}
	x.add(evidence.KindCookie, "uid", "shop.test", "shop.test", "u-4711-abcdef")
	x.add(evidence.KindCookie, "_ga", "shop.test", "shop.test", "GA1.1.1234567.1700000001")
	x.add(evidence.KindLocalStorage, "state", "https://www.shop.test", "www.shop.test", `{"device":"d3v1c3-0815","theme":"dark"}`)
	x.add(evidence.KindCookie, "odd", "shop.test", "shop.test", "k|9~1234567")
	uid := func(encoding string) []evidence.Carried {
		return []evidence.Carried{{Kind: evidence.KindCookie, Name: "uid", Owner: "shop.test", Encoding: encoding, In: "url"}}
	}
	for text, want := range map[string][]evidence.Carried{
		"https://t.test/?id=u-4711-abcdef&x=1":                                       uid("plain"),
		"https://t.test/u-4711-abcdef/p.gif":                                         uid("plain"),
		"https://t.test/?u=https%3A%2F%2Fa.test%2F%3Fid%3Du-4711-abcdef%26b":         uid("url"),
		"https://t.test/?u=https%253A%252F%252Fa.test%252F%253Fid%253Du-4711-abcdef": uid("url"),
		"https://t.test/?id=dS00NzExLWFiY2RlZg==":                                    uid("base64"),
		"https://t.test/?d=eyJpZCI6InUtNDcxMS1hYmNkZWYifQ":                           uid("base64"), // {"id":"…"}
		"https://t.test/?id=d00d55d76aa0ec8c1a1f24ae7bd6b7ba":                        nil,
		"https://t.test/?id=u-4711-abcdex":                                           nil,
		"https://t.test/?cid=1234567.1700000001":                                     {{Kind: evidence.KindCookie, Name: "_ga", Owner: "shop.test", Encoding: "plain", In: "url"}},
		"https://t.test/?dev=d3v1c3-0815":                                            {{Kind: evidence.KindLocalStorage, Name: "state", Owner: "https://www.shop.test", Encoding: "plain", In: "url"}},
		"https://t.test/?o=k%7C9~1234567":                                            {{Kind: evidence.KindCookie, Name: "odd", Owner: "shop.test", Encoding: "url", In: "url"}},
	} {
		var got []evidence.Carried
		x.find("url", text, "t.test", &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		got = nil
		if x.find("url", text, "api.shop.test", &got); got != nil {
			t.Errorf("%s to the site itself: %v", text, got)
		}
	}
}

func FuzzFindIdentifiers(f *testing.F) {
	f.Add("https://t.test/?id=u-4711-abcdef", "u-4711-abcdef")
	f.Add("%25%2", "GA1.")
	f.Fuzz(func(t *testing.T, text, value string) {
		x := identifierIndex{}
		x.add(evidence.KindCookie, "n", "a.test", "a.test", value)
		var got []evidence.Carried
		x.find("body", text, "b.test", &got)
		if len(got) > 1 {
			t.Errorf("%d finds of one value", len(got))
		}
	})
}
