package evidence

// A ConsentResult is what came of answering a banner.
type ConsentResult string

// The results. Only Verified proves that the site took the answer.
const (
	// NotAsked: the phase does not answer.
	NotAsked ConsentResult = "not_asked"
	NoBanner ConsentResult = "no_banner"
	// NoRejectOffered: a banner was there and offered no refusal.
	NoRejectOffered ConsentResult = "no_reject_offered"
	// NoChoiceOffered: the banner has no switches for the categories asked for.
	NoChoiceOffered ConsentResult = "no_choice_offered"
	// NoCloseOffered: the banner has nothing that closes it and does nothing else.
	NoCloseOffered ConsentResult = "no_close_offered"
	// Closed: the banner went without an answer.
	Closed ConsentResult = "closed"
	// NotReachable: after an acceptance nothing on the page leads back to the
	// choice, so that there was nothing to withdraw it with.
	NotReachable ConsentResult = "not_reachable"
	// Clicked: the click is known, its effect is not.
	Clicked ConsentResult = "clicked"
	// Verified: the banner went and the site's own state shows the answer.
	Verified ConsentResult = "verified"
	Failed   ConsentResult = "failed"
)

// Consent is how a phase answered the banner.
type Consent struct {
	Result ConsentResult `json:"result"`
	// CMP names the consent manager where it is known.
	CMP    string `json:"cmp,omitempty"`
	Clicks int    `json:"clicks"`
	// By names what found the control: "detection", "autoconsent", "recipe".
	By string `json:"by,omitempty"`
	// AtMS is the moment of the last click; 0 where nothing was clicked.
	AtMS int64 `json:"at_ms"`
	// Proof says what shows that the answer took.
	Proof string `json:"proof,omitempty"`
	Why   string `json:"why,omitempty"`
}

// A Reopening is the way back to the choice after an acceptance.
type Reopening struct {
	// Reached: a visitor can get back to the choice by clicking. What only the
	// manager's own interface for scripts opened is not reachable.
	Reached bool `json:"reached"`
	// Clicks is how many it took until the choice was shown.
	Clicks int `json:"clicks"`
	// By is what led there: "control", "recipe", "api" where only the manager's
	// interface for scripts did, empty where nothing did.
	By string `json:"by"`
	// Label is what the control says, or the name of the function.
	Label string `json:"label"`
	Why   string `json:"why"`
}

// A ReturnVisit is the site as it was found on a second visit, in the same
// profile and a new tab, after an answer.
type ReturnVisit struct {
	AtMS int64 `json:"at_ms"`
	// Banner is whether it asks again; nil where that could not be looked at.
	Banner *bool `json:"banner"`
	// Kept is whether the site's own state still shows the answer; nil where no
	// state could be read.
	Kept *bool  `json:"kept"`
	Why  string `json:"why"`
}

// A Banner is the consent banner as a visitor first sees it.
type Banner struct {
	Found bool `json:"found"`
	// CMP names the consent manager where it is known.
	CMP      string `json:"cmp"`
	Language string `json:"language"`
	// FirstLayerAccept and FirstLayerReject: the first layer has such a control.
	FirstLayerAccept bool `json:"first_layer_accept"`
	FirstLayerReject bool `json:"first_layer_reject"`
	// PreTicked names the optional inputs that are checked when first opened.
	PreTicked []string `json:"preticked"`
	// ClicksAccept and ClicksReject count clicks; nil where it is not offered
	// or not known.
	ClicksAccept *int            `json:"clicks_accept"`
	ClicksReject *int            `json:"clicks_reject"`
	Text         string          `json:"text"`
	Controls     []BannerControl `json:"controls"`
	// Links are the addresses that the banner links to.
	Links []string `json:"links"`
	// Form is how it lies on the page: dialog, fixed, overlay, frame (a document
	// of its own), hinted or static (in the flow of the page).
	Form string `json:"form"`
	// Box is the first layer's box; nil where it could not be measured.
	Box *Box `json:"box"`
	// ViewWidth and ViewHeight are the size of the window, in CSS pixels.
	ViewWidth  int `json:"view_width"`
	ViewHeight int `json:"view_height"`
	// ScrollLocked: the page behind the first layer cannot be scrolled; nil where
	// that could not be seen.
	ScrollLocked *bool `json:"scroll_locked"`
	// ScrollGrants, NavigationGrants and CloseGrants: the site's state grants after
	// the visitor only scrolled, only went on to another page, or only closed the
	// banner; nil where it was not tried, as with a banner that never came or has
	// nothing to close it with. GrantProof says what shows it.
	ScrollGrants     *bool  `json:"scroll_grants"`
	NavigationGrants *bool  `json:"navigation_grants"`
	CloseGrants      *bool  `json:"close_grants"`
	GrantProof       string `json:"grant_proof"`
}

// A Box is a place in a document's window, in CSS pixels.
type Box struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// A BannerControl is one thing in a banner that can be clicked.
type BannerControl struct {
	Layer  int    `json:"layer"` // 1 is the first
	Role   string `json:"role"`  // accept, reject, settings, save, close, acknowledge, link, other
	Label  string `json:"label"`
	Width  int    `json:"width"`  // CSS pixels
	Height int    `json:"height"` // CSS pixels
	// Kind is what it is: button, link, toggle or radio.
	Kind string `json:"kind"`
	// X and Y are its place in the window of the banner's document, in CSS
	// pixels; nil where it could not be measured.
	X *int `json:"x"`
	Y *int `json:"y"`
	// Contrast is the contrast ratio of its text by WCAG 2.2 ("contrast ratio"),
	// 1 to 21; nil where there is no text or an image lies behind it.
	Contrast *float64 `json:"contrast"`
	// Color and Background are what Contrast was computed from, "#rrggbb".
	Color      string `json:"color"`
	Background string `json:"background"`
	// FontSize is in CSS pixels, FontWeight from 1 to 1000; 0 where not measured.
	FontSize   float64 `json:"font_size"`
	FontWeight int     `json:"font_weight"`
	// Checked and Locked are the state of a toggle or radio as first shown.
	Checked bool `json:"checked"`
	Locked  bool `json:"locked"`
}
