package evidence

import "time"

// DNS is what the names of the site's own hosts were aliases of at the time of
// the scan. A host that the site runs, and one that a tracker runs under the
// site's name, look alike in a browser.
type DNS struct {
	// Outcome is Complete where every host was looked up, Unavailable where none
	// was; Why says what was in the way.
	Outcome Outcome `json:"outcome"`
	Why     string  `json:"why,omitempty"`
	// Resolver is the name server that was asked, with its port.
	Resolver string `json:"resolver,omitempty"`
	// Hosts are the hosts of the site that were asked for something beside the
	// visited pages, in order of their names.
	Hosts []ResolvedHost `json:"hosts"`
}

// A ResolvedHost is one host of the site and what its name is an alias of.
type ResolvedHost struct {
	Host string `json:"host"`
	// Names are the targets of CNAME records, from the host's own to the last; none
	// where the name is no alias.
	Names []string `json:"names"`
	// At is when it was asked.
	At time.Time `json:"at"`
	// Why says why it could not be looked up; empty where it was.
	Why string `json:"why,omitempty"`
}
