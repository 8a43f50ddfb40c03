package evidence

// A Corpus is what other sites that were scanned into the same database declare
// of the names that a scan's policies declare.
type Corpus struct {
	// Classes are in order of names and classes.
	Classes []ClassElsewhere `json:"classes"`
}

// A ClassElsewhere is a class that other sites give to a declared name.
type ClassElsewhere struct {
	Name     string   `json:"name"`
	Category Category `json:"category"`
	// Sites counts the other registrable domains whose latest scan says so. A site
	// that gives a name two classes counts in both.
	Sites int `json:"sites"`
}
