package browser

import "github.com/chromedp/cdproto/network"

// gpcScript states the signal to scripts, as a browser does that sends it.
const gpcScript = `
(() => {
	const p = Object.getPrototypeOf(globalThis.navigator || {});
	try { Object.defineProperty(p, "globalPrivacyControl", {get: () => true, configurable: true, enumerable: true}) } catch { /* the property is there */ }
})();`

// sendGPC has a target send Global Privacy Control where the visit asks for it,
// and returns the script that states it there. A header whose name begins with
// "Sec-" makes no preflight (Fetch, "CORS-unsafe request-header names").
func (v *Visit) sendGPC(s *session) string {
	if !v.o.GPC {
		return ""
	}
	s.post(network.SetExtraHTTPHeaders.Method, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Sec-GPC": "1"}})
	return gpcScript
}
