package browser

import (
	"strings"

	"github.com/chromedp/cdproto/emulation"
)

// A Device is what a visitor holds in hand.
type Device struct {
	Name          string
	Width, Height int     // CSS pixels
	Scale         float64 // device pixels in one CSS pixel
	Mobile        bool    // phones: the mobile user agent
	Touch         bool
	system        string // in the user agent
}

// devices are the kinds of devices for which sites differ. Sizes are those of
// common models; the browser stays Chrome, since a Chrome that says it were
// another browser would be shown what no visitor is shown.
func devices() []Device {
	return []Device{
		{Name: "desktop", Width: 1366, Height: 900, Scale: 1, system: "X11; Linux x86_64"},
		{Name: "phone", Width: 412, Height: 915, Scale: 2.625, Mobile: true, Touch: true, system: "Linux; Android 10; K"},
		{Name: "tablet", Width: 800, Height: 1280, Scale: 2, Touch: true, system: "Linux; Android 10; K"},
	}
}

// DeviceNames lists what a Client's Device can be, the default first.
func DeviceNames() []string {
	names := make([]string, 0, len(devices()))
	for _, d := range devices() {
		names = append(names, d.Name)
	}
	return names
}

// deviceNamed finds a device; the empty name is the default.
func deviceNamed(name string) (Device, bool) {
	if name == "" {
		return devices()[0], true
	}
	for _, d := range devices() {
		if d.Name == name {
			return d, true
		}
	}
	return devices()[0], false
}

// userAgent is what Chrome of the same major version sends on the device: the
// reduced form, and without "Headless", which makes some consent managers hide.
func (d Device) userAgent(version string) string {
	major, _, _ := strings.Cut(version, ".")
	mobile := ""
	if d.Mobile {
		mobile = "Mobile "
	}
	return "Mozilla/5.0 (" + d.system + ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + major + ".0.0.0 " + mobile + "Safari/537.36"
}

// hold makes a page look as on the device.
func (d Device) hold(s *session) {
	if !d.Touch {
		return // a desktop is what the browser is by itself
	}
	s.post(emulation.SetDeviceMetricsOverride.Method, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(d.Width), Height: int64(d.Height), DeviceScaleFactor: d.Scale, Mobile: true,
		ScreenWidth: int64(d.Width), ScreenHeight: int64(d.Height),
	})
	s.post(emulation.SetTouchEmulationEnabled.Method, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 5})
}
