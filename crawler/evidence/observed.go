package evidence

// A StorageKind is a kind of storage in the browser that is not a cookie.
type StorageKind string

// The storage kinds of observations and declarations.
const (
	KindCookie         StorageKind = "cookie"
	KindLocalStorage   StorageKind = "localStorage"
	KindSessionStorage StorageKind = "sessionStorage"
	KindIndexedDB      StorageKind = "indexedDB"
	KindCacheStorage   StorageKind = "cacheStorage" // observed only
	KindPixel          StorageKind = "pixel"        // declared only
	KindOther          StorageKind = "other"        // declared only
)

// A StorageItem is a key of web storage, a database or a cache.
type StorageItem struct {
	Kind   StorageKind `json:"kind"`
	Origin string      `json:"origin"`
	Key    string      `json:"key"`
	Site   string      `json:"site"` // registrable domain of Origin
	Party  Party       `json:"party"`
	Phases []Phase     `json:"phases"`
	// Bytes is the size of the value as stored, 0 where it is not known.
	Bytes  int64          `json:"bytes"`
	Value  Value          `json:"value"`
	Writes []StorageWrite `json:"writes"`
}

// A StorageWrite is one write of a storage item that a hook saw; an item
// without any was found only in the snapshot at the end of its phase.
type StorageWrite struct {
	Phase       Phase  `json:"phase"`
	Page        string `json:"page"`
	Frame       string `json:"frame"`
	AtMS        int64  `json:"at_ms"`
	AfterAnswer bool   `json:"after_answer"`
	Script      string `json:"script,omitempty"`
	Line        int    `json:"line,omitempty"`
	Stack       []Call `json:"stack,omitempty"`
}

// A Request is one request that a page made to another site.
type Request struct {
	Phase Phase  `json:"phase"`
	Page  string `json:"page"`
	URL   string `json:"url"`
	Host  string `json:"host"`
	Site  string `json:"site"` // registrable domain of Host
	Party Party  `json:"party"`
	AtMS  int64  `json:"at_ms"`
	// AfterAnswer is true for a request after the banner was answered.
	AfterAnswer bool   `json:"after_answer"`
	Type        string `json:"type"`
	// Initiator is the script or document that caused the request.
	Initiator string `json:"initiator,omitempty"`
	// SentCookie is true where the request carried at least one cookie.
	SentCookie bool `json:"sent_cookie"`
}

// A ConsentResult is what came of answering a banner.
type ConsentResult string

// The results. Only Verified proves that the site took the answer.
const (
	// NotAsked: the phase does not answer.
	NotAsked ConsentResult = "not_asked"
	NoBanner ConsentResult = "no_banner"
	// NoRejectOffered: a banner was there and offered no refusal.
	NoRejectOffered ConsentResult = "no_reject_offered"
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
}

// A BannerControl is one thing in a banner that can be clicked.
type BannerControl struct {
	Layer  int    `json:"layer"` // 1 is the first
	Role   string `json:"role"`  // accept, reject, settings, save, close, acknowledge, link, other
	Label  string `json:"label"`
	Width  int    `json:"width"`  // CSS pixels
	Height int    `json:"height"` // CSS pixels
}
