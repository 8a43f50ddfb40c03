package evidence

// A StorageKind is a kind of storage in the browser that is not a cookie.
type StorageKind string

// The storage kinds of observations and declarations.
const (
	KindCookie         StorageKind = "cookie"
	KindLocalStorage   StorageKind = "localStorage"
	KindSessionStorage StorageKind = "sessionStorage"
	KindIndexedDB      StorageKind = "indexedDB"
	KindCacheStorage   StorageKind = "cacheStorage"  // observed only
	KindServiceWorker  StorageKind = "serviceWorker" // observed only
	KindPixel          StorageKind = "pixel"         // declared only
	KindOther          StorageKind = "other"         // declared only
)

// A StorageItem is a key of web storage, a database, a cache or the registration
// of a service worker, whose key is its scope.
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
	Held []HeldValue `json:"held,omitempty"`
	// Entries counts what a database or cache holds, nil where it is not known.
	Entries *int64 `json:"entries,omitempty"`
	// Parts names the object stores of a database.
	Parts []string `json:"parts,omitempty"`
	// Script is the address of a registered service worker.
	Script string         `json:"script,omitempty"`
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
	// Cookies names the cookies that it carried.
	Cookies []string `json:"cookies,omitempty"`
	// Carries lists the stored values of other sites that it carried besides its
	// own cookies; their values are not kept.
	Carries []Carried `json:"carries,omitempty"`
}

// Carried is a stored value that could tell one visitor from others and that a
// request took to another registrable domain than the one it was stored for.
type Carried struct {
	Kind StorageKind `json:"kind"`
	Name string      `json:"name"`
	// Owner is the domain of the cookie or the origin of the storage item.
	Owner string `json:"owner"`
	// Encoding is plain, url, base64, md5, sha1 or sha256.
	Encoding string `json:"encoding"`
	// In is the part of the request: url, body or referer.
	In string `json:"in"`
}
