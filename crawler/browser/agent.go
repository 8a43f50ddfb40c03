package browser

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/emulation"
)

var chromeVersion = regexp.MustCompile(`Chrome/(\d+)((\.\d+)*)`)

// override is the client as the protocol takes it. The switches of the launch
// reach everything but client hints, the order of languages, and what the
// headless shell says of itself in shared workers.
func (c Client) override(agent string) emulation.SetUserAgentOverrideParams {
	p := emulation.SetUserAgentOverrideParams{UserAgent: agent, UserAgentMetadata: hints(agent)}
	if c.Locale != "" {
		p.AcceptLanguage = strings.Join(c.languages(), ",")
	}
	if strings.Contains(agent, "Android") {
		p.Platform = "Linux armv81"
	}
	return p
}

// hints are the client hints of a Chrome with a user agent: the headless shell's
// own name itself as such, and those of a desktop belie a phone. Browsers of
// other makes send none.
func hints(agent string) *emulation.UserAgentMetadata {
	m := chromeVersion.FindStringSubmatch(agent)
	if m == nil {
		return nil
	}
	major, err := strconv.Atoi(m[1])
	if err != nil {
		return nil
	}
	meta := &emulation.UserAgentMetadata{Platform: "Linux", Architecture: "x86", Bitness: "64", Mobile: strings.Contains(agent, "Mobile")}
	for _, s := range [...]struct{ in, platform, version string }{
		{"Android", "Android", "10.0.0"}, {"Windows", "Windows", "10.0.0"}, {"Mac OS", "macOS", "10.15.7"},
	} {
		if strings.Contains(agent, s.in) {
			meta.Platform, meta.PlatformVersion = s.platform, s.version
		}
	}
	if meta.Platform == "Android" {
		meta.Architecture, meta.Bitness, meta.Model = "", "", "K"
	}
	meta.Brands = brands(major, m[1], "")
	meta.FullVersionList = brands(major, m[1]+m[2], ".0.0.0")
	return meta
}

// brands are the makes that Chromium names, with one that is made up so that
// sites do not rely on the list. Which one it is and what comes first follow
// from the major version (Chromium, components/embedder_support).
func brands(major int, version, more string) []*emulation.UserAgentBrandVersion {
	marks := [...]string{" ", "(", ":", "-", ".", "/", ")", ";", "=", "?", "_"}
	versions := [...]string{"8", "99", "24"}
	out := []*emulation.UserAgentBrandVersion{
		{Brand: fmt.Sprintf("Not%sA%sBrand", marks[major%len(marks)], marks[(major+1)%len(marks)]), Version: versions[major%len(versions)] + more},
		{Brand: "Chromium", Version: version},
	}
	if major%2 == 1 {
		out[0], out[1] = out[1], out[0]
	}
	return out
}
