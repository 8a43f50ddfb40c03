package consent

import (
	"context"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// maxBannerText bounds the text of a banner in a record, in runes.
const maxBannerText = 2000

// describe returns the facts of a banner's first layer. The clicks are what the
// first layer shows: a refusal that may lie behind settings is not known here.
func describe(ctx context.Context, p Page, f *found) *evidence.Banner {
	f.measure(ctx)
	b := &evidence.Banner{
		Found:            true,
		CMP:              managerOf(f.Marks),
		Language:         f.lang,
		FirstLayerAccept: f.accepts(),
		FirstLayerReject: f.has(reject),
		Text:             clip(f.Text, maxBannerText),
		Form:             f.Form,
		Box:              f.box(),
		ViewWidth:        f.viewWidth,
		ViewHeight:       f.viewHeight,
		ScrollLocked:     scrollLocked(ctx, p),
	}
	one := 1
	if b.FirstLayerAccept {
		b.ClicksAccept = &one
	}
	if b.FirstLayerReject {
		b.ClicksReject = &one
	}
	addLayer(b, f, 1, nil)
	return b
}

// accepts reports whether the first layer offers to accept. "OK" beside a
// refusal or settings accepts; alone it only says that a notice was read.
func (f *found) accepts() bool {
	return f.has(accept) || f.has(acknowledge) && (f.has(reject) || f.has(settings))
}

// addLayer adds the controls, inputs and links of a layer, without those that
// the layer before it has shown already: settings often open within the banner.
func addLayer(b *evidence.Banner, f *found, layer int, before *found) {
	for i := range f.Controls {
		c := &f.Controls[i]
		r := f.roles[i]
		if before != nil && before.frame.URL() == f.frame.URL() && slices.ContainsFunc(before.Controls, func(o control) bool { return slices.Equal(o.Path, c.Path) }) {
			continue
		}
		if r == toggle {
			if c.Checked && c.optional() && (c.Kind != "radio" || labelRole(c.Name) != reject) {
				b.PreTicked = append(b.PreTicked, clip(c.Name, maxLabel))
			}
			r = other
		}
		shown := evidence.BannerControl{
			Layer: layer, Role: string(r), Label: clip(c.label(), maxLabel), Width: c.Width, Height: c.Height,
			Kind: c.Kind, Checked: c.Checked, Locked: c.Locked,
		}
		f.look(i, &shown)
		b.Controls = append(b.Controls, shown)
		if c.Href != "" && r == link && !slices.Contains(b.Links, c.Href) {
			b.Links = append(b.Links, c.Href)
		}
	}
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

// managerOf names the consent manager by the ids and classes that its banner is
// known to carry; empty where none is known.
func managerOf(marks string) string {
	marks = strings.ToLower(marks)
	for _, m := range managers() {
		for _, mark := range m.marks {
			if strings.Contains(marks, mark) {
				return m.name
			}
		}
	}
	return ""
}

// A manager is a consent manager and what its markup carries, lower case.
type manager struct {
	name  string
	marks []string
}

func managers() []manager {
	return []manager{
		{"OneTrust", []string{"onetrust", "optanon"}},
		{"Cookiebot", []string{"cybotcookiebot"}},
		{"Usercentrics", []string{"usercentrics"}},
		{"Didomi", []string{"didomi"}},
		{"Quantcast Choice", []string{"qc-cmp"}},
		{"Sourcepoint", []string{"sp_message"}},
		{"Complianz", []string{"cmplz"}},
		{"CookieYes", []string{"cky-", "cookie-law-info"}},
		{"iubenda", []string{"iubenda"}},
		{"TrustArc", []string{"truste", "trustarc", "consent_blackbar"}},
		{"consentmanager", []string{"cmpbox", "cmpwrapper"}},
		{"Klaro", []string{"klaro"}},
		{"Orejime", []string{"orejime"}},
		{"tarteaucitron", []string{"tarteaucitron"}},
		{"vanilla CookieConsent", []string{"cc-main", "cc--main", "cm--box"}},
		{"cookieconsent", []string{"cc-window", "cc-banner"}},
		{"Borlabs Cookie", []string{"borlabscookie", "brlbs-"}},
		{"Termly", []string{"termly"}},
		{"Axeptio", []string{"axeptio"}},
		{"CookieScript", []string{"cookiescript"}},
		{"Osano", []string{"osano-cm"}},
		{"Ketch", []string{"ketch-"}},
		{"CookieFirst", []string{"cookiefirst"}},
		{"CookieHub", []string{"ch2-"}},
		{"Civic Cookie Control", []string{"ccc-module", "ccc-overlay"}},
		{"Real Cookie Banner", []string{"rcb-"}},
		{"Funding Choices", []string{"fc-consent-root", "fc-dialog"}},
		{"AppConsent", []string{"appconsent"}},
		{"GDPR Cookie Compliance", []string{"moove_gdpr"}},
		{"Cookie Notice", []string{"cookie-notice-container"}},
	}
}
