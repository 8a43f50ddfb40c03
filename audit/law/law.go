// Package law holds the instruments that rules cite: what they are, where they
// can be read and how strong they are. It imports nothing.
package law

// An Authority is the weight of an instrument.
type Authority string

// The authorities, strongest first.
const (
	Statute  Authority = "law"
	Case     Authority = "case"
	Guidance Authority = "guidance"
	Standard Authority = "standard"
)

// An Instrument is a law, a judgment, a guidance document or a technical
// standard.
type Instrument struct {
	// ID is short and stable, such as "EPRIVACY" or "PLANET49".
	ID string `json:"id"`
	// Name is the usual citation.
	Name      string    `json:"name"`
	URL       string    `json:"url"`
	Authority Authority `json:"authority"`
	// Date is the date of the text, ISO 8601 (year, month or day as known).
	Date string `json:"date"`
	// Place is where it holds: one of Places; empty for a technical standard, which
	// holds everywhere.
	Place string `json:"place,omitempty"`
}

// Places lists where instruments hold: the Union, its states, and others.
func Places() []string { return []string{"EU", "FR", "DE", "ES", "IT", "UK", "US-CA"} }

// A Citation points into an instrument.
type Citation struct {
	Instrument Instrument `json:"instrument"`
	// Provision is the pinpoint ("Article 5(3)"); empty where only the
	// instrument as a whole has been checked.
	Provision string `json:"provision,omitempty"`
	// AsOf is the date on which the citation was last checked, ISO 8601.
	AsOf string `json:"as_of"`
}
