package browser

import (
	_ "embed"
	"encoding/json"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
)

//go:embed wish.js
var wishSource string

// wishes are the headers and the script that state the visitor's wishes. A
// header whose name begins with "Sec-" makes no preflight (Fetch, "CORS-unsafe
// request-header names"), nor does one that the browser adds.
func (v *Visit) wishes() (headers network.Headers, script string) {
	headers, properties := network.Headers{}, map[string]any{}
	if v.o.GPC {
		headers["Sec-GPC"], properties["globalPrivacyControl"] = "1", true
	}
	if v.o.Start.DNT { // https://www.w3.org/TR/tracking-dnt/
		headers["DNT"], properties["doNotTrack"] = "1", "1"
	}
	if len(headers) == 0 {
		return nil, ""
	}
	text, err := json.Marshal(properties)
	if err != nil {
		return nil, "" // a map of plain values always encodes
	}
	return headers, strings.Replace(wishSource, "%WISHES%", string(text), 1)
}

// dress gives a target, while it is paused, what of the start state is told to
// each target by itself.
func (v *Visit) dress(s *session) {
	start := &v.o.Start
	if v.headers != nil {
		s.post(network.SetExtraHTTPHeaders.Method, network.SetExtraHTTPHeadersParams{Headers: v.headers})
	}
	if start.intercepts() {
		s.post(fetch.Enable.Method, fetch.EnableParams{HandleAuthRequests: ptr(true)})
	}
	s.post(emulation.SetUserAgentOverride.Method, v.b.client.override(v.b.agent))
	if locale := v.b.client.Locale; locale != "" {
		// It holds in the target's whole process, which refuses a second one.
		s.post(emulation.SetLocaleOverride.Method, emulation.SetLocaleOverrideParams{Locale: strings.ReplaceAll(locale, "-", "_")})
	}
	if s.kind() != "page" && s.kind() != "iframe" {
		return
	}
	v.b.client.device().hold(s)
	if p := start.Position; p != nil {
		s.post(emulation.SetGeolocationOverride.Method, emulation.SetGeolocationOverrideParams{
			Latitude: &p.Latitude, Longitude: &p.Longitude, Accuracy: ptr(accuracy),
		})
	}
}

// accuracy is what a device that finds its place by wireless networks says of
// it, in metres.
const accuracy = 20.0

// allowPosition answers the browser's question for the place with yes.
func allowPosition(v *Visit) browser.SetPermissionParams {
	return browser.SetPermissionParams{
		Permission:       &browser.PermissionDescriptor{Name: "geolocation"},
		Setting:          browser.PermissionSettingGranted,
		BrowserContextID: v.ctxID,
	}
}

// held takes a request that was stopped on its way out: the user's own headers
// go to the site and to nobody else.
func (v *Visit) held(s *session, e *fetch.EventRequestPaused) {
	if v.seeding {
		s.post(fetch.FulfillRequest.Method, emptyPage(e.RequestID))
		return
	}
	p := fetch.ContinueRequestParams{RequestID: e.RequestID}
	if len(v.o.Start.Headers) > 0 && v.o.Start.own(e.Request.URL) {
		for name, value := range e.Request.Headers {
			if text, ok := value.(string); ok && !v.o.Start.sends(name) {
				p.Headers = append(p.Headers, &fetch.HeaderEntry{Name: name, Value: text})
			}
		}
		for _, h := range v.o.Start.Headers {
			p.Headers = append(p.Headers, &fetch.HeaderEntry{Name: h.Name, Value: h.Value})
		}
	}
	s.post(fetch.ContinueRequest.Method, p)
}

func (s *Start) sends(name string) bool {
	for _, h := range s.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// challenged answers a question for credentials: the proxy's with the user's,
// a site's with none.
func (v *Visit) challenged(s *session, e *fetch.EventAuthRequired) {
	answer := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseCancelAuth}
	proxy := v.o.Start.Proxy
	if e.AuthChallenge.Source == fetch.AuthChallengeSourceProxy && proxy != nil && proxy.User != nil && !v.proxied[e.RequestID] {
		if v.proxied == nil {
			v.proxied = map[fetch.RequestID]bool{}
		}
		v.proxied[e.RequestID] = true // asked again, they were wrong
		answer.Response = fetch.AuthChallengeResponseResponseProvideCredentials
		answer.Username = proxy.User.Username()
		answer.Password, _ = proxy.User.Password()
	}
	s.post(fetch.ContinueWithAuth.Method, fetch.ContinueWithAuthParams{RequestID: e.RequestID, AuthChallengeResponse: answer})
}
