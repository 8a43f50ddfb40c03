package evidence

import "time"

// A SignalKind is a way in which a site states what a visitor agreed to.
type SignalKind string

// The kinds of signals.
const (
	// SignalTCF is a TC string of the IAB Europe's Transparency and Consent
	// Framework, version 2.
	SignalTCF SignalKind = "tcf"
	// SignalGPP is a string of the IAB Tech Lab's Global Privacy Platform.
	SignalGPP SignalKind = "gpp"
	// SignalUSPrivacy is the IAB's older US Privacy string.
	SignalUSPrivacy SignalKind = "us_privacy"
	// SignalConsentMode is Google's consent mode: a command, or what a request to
	// Google says of it.
	SignalConsentMode SignalKind = "consent_mode"
	// SignalManager is what a consent manager's own interface says.
	SignalManager SignalKind = "manager"
	// SignalRecord is a cookie or storage entry that reads as a choice.
	SignalRecord SignalKind = "record"
)

// A SignalSource is where a signal was seen.
type SignalSource string

// The sources of signals.
const (
	FromAPI            SignalSource = "api"
	FromCookie         SignalSource = "cookie"
	FromLocalStorage   SignalSource = "localStorage"
	FromSessionStorage SignalSource = "sessionStorage"
	FromDataLayer      SignalSource = "dataLayer"
	FromRequest        SignalSource = "request"
)

// A Signal is one statement of consent, kept when it was first seen and again
// whenever it had changed. Of the decoded parts the one of its Kind is set, and
// none where Error says why the raw text could not be read.
type Signal struct {
	Kind   SignalKind   `json:"kind"`
	Source SignalSource `json:"source"`
	// Name is the function, cookie, key or host that it was read from.
	Name string `json:"name"`
	// Page is the visited page, Frame the document or origin that has it.
	Page  string `json:"page"`
	Frame string `json:"frame,omitempty"`
	// AtMS is when it was read, in milliseconds since the phase's first
	// navigation; of a request, when it was sent. PageMS is the same moment counted from the page's navigation.
	AtMS   int64 `json:"at_ms"`
	PageMS int64 `json:"page_ms"`
	// AfterAnswer is true after the answer to the banner.
	AfterAnswer bool `json:"after_answer"`
	// Raw is the text as the site keeps it; empty where the source has none.
	Raw string `json:"raw,omitempty"`
	// Gone: it was there and is no longer.
	Gone  bool   `json:"gone,omitempty"`
	Error string `json:"error,omitempty"`

	TCF         *TCF         `json:"tcf,omitempty"`
	GPP         *GPP         `json:"gpp,omitempty"`
	USPrivacy   *USPrivacy   `json:"us_privacy,omitempty"`
	ConsentMode *ConsentMode `json:"consent_mode,omitempty"`
	// Choices are a manager's purposes or services, without the necessary ones.
	Choices map[string]bool `json:"choices,omitempty"`
	// Reads is what a manager's choices or a record amount to: granted, refused,
	// partly granted or given.
	Reads string `json:"reads,omitempty"`
}

// TCF is a decoded TC string (IAB Europe, Transparency and Consent String with
// Global Vendor & CMP List Formats, version 2), and what the page's API says
// beside it. Purposes and features are numbered from 1.
type TCF struct {
	Version            int       `json:"version"`
	Created            time.Time `json:"created"`
	Updated            time.Time `json:"updated"`
	CMPID              int       `json:"cmp_id"`
	CMPVersion         int       `json:"cmp_version"`
	ConsentScreen      int       `json:"consent_screen"`
	Language           string    `json:"language"`
	VendorListVersion  int       `json:"vendor_list_version"`
	PolicyVersion      int       `json:"policy_version"`
	ServiceSpecific    bool      `json:"service_specific"`
	NonStandardTexts   bool      `json:"non_standard_texts"`
	PurposeOneUnasked  bool      `json:"purpose_one_unasked"` // PurposeOneTreatment: purpose 1 was not disclosed
	PublisherCountry   string    `json:"publisher_country"`
	SpecialFeatures    []int     `json:"special_features"`
	PurposeConsents    []int     `json:"purpose_consents"`
	PurposeInterests   []int     `json:"purpose_interests"` // transparency for legitimate interest, not objected to
	VendorConsents     IDSet     `json:"vendor_consents"`
	VendorInterests    IDSet     `json:"vendor_interests"`
	Restrictions       []TCFRule `json:"restrictions"`
	DisclosedVendors   IDSet     `json:"disclosed_vendors,omitempty"`
	AllowedVendors     IDSet     `json:"allowed_vendors,omitempty"`
	PublisherConsents  []int     `json:"publisher_consents,omitempty"`
	PublisherInterests []int     `json:"publisher_interests,omitempty"`
	CustomConsents     []int     `json:"custom_consents,omitempty"`
	CustomInterests    []int     `json:"custom_interests,omitempty"`
	// Status and Applies are the API's eventStatus and gdprApplies; empty and nil
	// where the string was read from elsewhere.
	Status  string `json:"status,omitempty"`
	Applies *bool  `json:"applies,omitempty"`
}

// A TCFRule is a publisher's restriction of vendors for one purpose.
type TCFRule struct {
	Purpose int `json:"purpose"`
	// Kind is not_allowed, require_consent or require_interest.
	Kind    string `json:"kind"`
	Vendors IDSet  `json:"vendors"`
}

// An IDSet is a set of numbers as ranges, first and last, in ascending order.
type IDSet [][2]int

// Has reports whether id is in the set.
func (s IDSet) Has(id int) bool {
	for _, r := range s {
		if r[0] <= id && id <= r[1] {
			return true
		}
	}
	return false
}

// Len is how many numbers the set holds.
func (s IDSet) Len() int {
	n := 0
	for _, r := range s {
		n += r[1] - r[0] + 1
	}
	return n
}

// GPP is a decoded string of the Global Privacy Platform.
type GPP struct {
	Sections []GPPSection `json:"sections"`
	// Applicable are the sections that the page's API says apply; nil where the
	// string was read from elsewhere.
	Applicable []int `json:"applicable,omitempty"`
}

// A GPPSection is one section of a GPP string.
type GPPSection struct {
	ID   int    `json:"id"`
	Name string `json:"name"` // the API's prefix, such as usnat; empty where it is not known
	Raw  string `json:"raw"`
	// Fields are those of a US section's core, by the specification's names: 0
	// not applicable, 1 and 2 as the field says.
	Fields map[string][]int `json:"fields,omitempty"`
	// OptedOut names the fields by which the visitor opted out, such as
	// SaleOptOut.
	OptedOut []string `json:"opted_out,omitempty"`
	// GPC is whether the section says that Global Privacy Control was received;
	// nil where it does not say.
	GPC       *bool      `json:"gpc,omitempty"`
	TCF       *TCF       `json:"tcf,omitempty"`
	USPrivacy *USPrivacy `json:"us_privacy,omitempty"`
	Error     string     `json:"error,omitempty"`
}

// USPrivacy is a decoded US Privacy string, version 1: each is Y, N or - (does
// not apply).
type USPrivacy struct {
	Notice   string `json:"notice"`
	OptedOut string `json:"opted_out"`
	LSPA     string `json:"lspa"` // covered by the Limited Service Provider Agreement
}

// ConsentMode is a command of Google's consent mode, or what a request says.
type ConsentMode struct {
	// Command is default or update; empty for a request.
	Command string `json:"command,omitempty"`
	// States are granted or denied by type, such as ad_storage. A request also
	// says "unset", and by which command a state came: "denied by default".
	States map[string]string `json:"states"`
	// Regions are where a default holds; empty for everywhere.
	Regions []string `json:"regions,omitempty"`
	// Script gave the command, where that is known.
	Script string `json:"script,omitempty"`
	// AfterTag is whether a default stood behind a command for a tag in the page's
	// queue, so that it came too late for that one; nil where that is not known, and
	// for what is no default. Signal.AtMS is only when the command was read.
	AfterTag *bool `json:"after_tag"`
	// FirstTagMS and FirstHitMS are when the page first asked for a Google tag and
	// first sent a measurement to Google, in the same count as AtMS; nil where it
	// did not.
	FirstTagMS *int64 `json:"first_tag_ms"`
	FirstHitMS *int64 `json:"first_hit_ms"`
}
