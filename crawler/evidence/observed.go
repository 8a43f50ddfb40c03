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
	Bytes int64 `json:"bytes"`
	Value Value `json:"value"`
	// Held are the values at the end of each phase that held it.
	Held   []HeldValue    `json:"held,omitempty"`
	Writes []StorageWrite `json:"writes"`
}

// A HeldValue is what one phase held at its end.
type HeldValue struct {
	Phase Phase `json:"phase"`
	Value Value `json:"value"`
}

// A StorageWrite is one write of a storage item that a hook saw; an item
// without any was found only in the snapshot at the end of its phase.
type StorageWrite struct {
	Phase       Phase  `json:"phase"`
	Page        string `json:"page"`
	Frame       string `json:"frame"`
	AtMS        int64  `json:"at_ms"`
	AfterAnswer bool   `json:"after_answer"`
	// Login is true for what came of the user's login script, before the landing
	// page: whether the script answered a banner is not known.
	Login  bool   `json:"login,omitempty"`
	Script string `json:"script,omitempty"`
	Line   int    `json:"line,omitempty"`
	Stack  []Call `json:"stack,omitempty"`
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
	AfterAnswer bool `json:"after_answer"`
	// Login is true for what came of the user's login script, before the landing
	// page: whether the script answered a banner is not known.
	Login bool   `json:"login,omitempty"`
	Type  string `json:"type"`
	// Initiator is the script or document that caused the request.
	Initiator string `json:"initiator,omitempty"`
	// SentCookie is true where the request carried at least one cookie.
	SentCookie bool `json:"sent_cookie"`
}
