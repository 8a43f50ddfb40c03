package law

import "slices"

// asOf is the day on which the citations were last checked.
const asOf = "2026-11-22"

// The citations. A guidance or case citation has a pinpoint only where the
// paragraph was read or is quoted by a second source; else it names the
// instrument alone.
var (
	// EPrivacy5_3 requires consent and clear information before something is
	// stored on, or read from, a visitor's device.
	EPrivacy5_3 = Citation{EPrivacyDirective, "Article 5(3)", asOf}

	// GDPR4_11 defines consent.
	GDPR4_11 = Citation{GDPR, "Article 4(11)", asOf}
	// GDPRRecital32: pre-ticked boxes and silence are no consent.
	GDPRRecital32 = Citation{GDPR, "Recital 32", asOf}
	// GDPR5_1a requires transparency.
	GDPR5_1a = Citation{GDPR, "Article 5(1)(a)", asOf}
	// GDPR5_1d requires that what is said of data is accurate.
	GDPR5_1d = Citation{GDPR, "Article 5(1)(d)", asOf}
	// GDPR5_1e limits storage to what the purpose needs.
	GDPR5_1e = Citation{GDPR, "Article 5(1)(e)", asOf}
	// GDPR5_2 requires that compliance can be shown.
	GDPR5_2 = Citation{GDPR, "Article 5(2)", asOf}
	// GDPR6 lists the lawful bases.
	GDPR6 = Citation{GDPR, "Article 6", asOf}
	// GDPR6_1a makes consent a lawful basis.
	GDPR6_1a = Citation{GDPR, "Article 6(1)(a)", asOf}
	// GDPR7 sets the conditions of consent.
	GDPR7 = Citation{GDPR, "Article 7", asOf}
	// GDPR7_1 requires that consent can be demonstrated.
	GDPR7_1 = Citation{GDPR, "Article 7(1)", asOf}
	// GDPR7_3 gives the right to withdraw, as easily as consent was given.
	GDPR7_3 = Citation{GDPR, "Article 7(3)", asOf}
	// GDPR12_1 requires clear and plain language.
	GDPR12_1 = Citation{GDPR, "Article 12(1)", asOf}
	// GDPR13_1c requires that the purposes are named.
	GDPR13_1c = Citation{GDPR, "Article 13(1)(c)", asOf}
	// GDPR32 requires security appropriate to the risk.
	GDPR32 = Citation{GDPR, "Article 32", asOf}
	// GDPR12 requires that information is clear and easy to reach.
	GDPR12 = Citation{GDPR, "Article 12", asOf}
	// GDPR13 lists what visitors must be told.
	GDPR13 = Citation{GDPR, "Article 13", asOf}
	// GDPR13_1e requires that recipients are named.
	GDPR13_1e = Citation{GDPR, "Article 13(1)(e)", asOf}
	// GDPR13_2a requires that the period of storage is stated.
	GDPR13_2a = Citation{GDPR, "Article 13(2)(a)", asOf}

	// Planet49DurationAndAccess: the information due includes how long cookies
	// operate and whether third parties may have access to them.
	Planet49DurationAndAccess = Citation{Planet49, "paragraph 81", asOf}
	// Planet49PreTicked: a box that is ticked in advance is no consent.
	Planet49PreTicked = Citation{Planet49, "", asOf}
	// TaskforceReject: a banner without a way to refuse on the layer on which
	// one can accept.
	TaskforceReject = Citation{CookieBannerTaskforce, "paragraph 8", asOf}
	// TaskforcePreTicked: boxes ticked in advance.
	TaskforcePreTicked = Citation{CookieBannerTaskforce, "paragraph 10", asOf}
	// TaskforceDesign: links, colours and contrast that make refusing harder.
	TaskforceDesign = Citation{CookieBannerTaskforce, "paragraphs 14, 17–18", asOf}
	// TaskforceClassified: cookies that are called essential and are not, and who
	// has to show that they are.
	TaskforceClassified = Citation{CookieBannerTaskforce, "paragraphs 26, 28", asOf}
	// TaskforcePreferences: what keeps a preference that the visitor has expressed
	// is essential.
	TaskforcePreferences = Citation{CookieBannerTaskforce, "paragraph 30", asOf}
	// TaskforceWithdrawal: the way back to the choice.
	TaskforceWithdrawal = Citation{CookieBannerTaskforce, "paragraphs 32, 34–35", asOf}
	// TaskforceNecessary: what "strictly necessary" covers, and the opinion
	// that it is to be judged by.
	TaskforceNecessary = Citation{CookieBannerTaskforce, "", asOf}
	// TechnicalScopeTracking: a pixel or link that makes the device send
	// information is within Article 5(3).
	TechnicalScopeTracking = Citation{TechnicalScopeGuidelines, "paragraphs 50–51", asOf}
	// TechnicalScopeStorage: what counts as storage, however it is brought about
	// and however long it lasts; web storage is named.
	TechnicalScopeStorage = Citation{TechnicalScopeGuidelines, "paragraphs 35–37, 44", asOf}
	// TechnicalScopeIdentifiers: identifiers that the device is made to send.
	TechnicalScopeIdentifiers = Citation{TechnicalScopeGuidelines, "paragraphs 32–34, 63", asOf}
	// TechnicalScope: which techniques the directive reaches.
	TechnicalScope = Citation{TechnicalScopeGuidelines, "", asOf}
	// ValidConsent: what consent must be to count.
	ValidConsent = Citation{ConsentGuidelines, "", asOf}
	// ScrollingIsNoConsent: scrolling, swiping and the like are no clear
	// affirmative action under any circumstances.
	ScrollingIsNoConsent = Citation{ConsentGuidelines, "paragraph 86", asOf}
	// Exemptions: the classes of cookies that need no consent.
	Exemptions = Citation{ExemptionOpinion, "", asOf}
	// LifetimeCap: browsers keep no cookie longer than 400 days, so the
	// lifetime asked for is only in what set it.
	LifetimeCap = Citation{CookieStandard, "section 5.5", asOf}
	// CookieRules: what browsers make of a cookie's attributes.
	CookieRules = Citation{CookieStandard, "", asOf}
	// AudienceMeasurement: the conditions under which audience measurement can
	// be exempt in France.
	AudienceMeasurement = Citation{CNILGuidelines, "", asOf}
	// RefuseAsEasily: refusing must be as easy as accepting.
	RefuseAsEasily = Citation{CNILRecommendation, "paragraph 34", asOf}
	// KeepRefusals: refusals are to be kept as long as consents.
	KeepRefusals = Citation{CNILRecommendation, "paragraph 39", asOf}
	// ProveConsent: how a consent can be shown.
	ProveConsent = Citation{CNILRecommendation, "paragraph 48", asOf}
	// Garante: no new prompt within six months; closing by the X.
	Garante = Citation{GaranteGuidelines, "", asOf}
	// AEPD: the validity of a consent, and refusing on the first layer.
	AEPD = Citation{AEPDGuide, "", asOf}
	// MeasurementSpain: the conditions under which audience measurement can be
	// exempt in Spain.
	MeasurementSpain = Citation{AEPDMeasurement, "", asOf}
	// StorageAndAccess: how the British authority reads PECR.
	StorageAndAccess = Citation{ICOGuidance, "", asOf}
	// TCFPolicies: what a vendor may store without the signal of consent.
	TCFPolicies = Citation{TCFFramework, "", asOf}

	// The national laws, for profiles.
	France    = Citation{FrenchAct, "Article 82", asOf}
	Germany   = Citation{TDDDG, "§ 25", asOf}
	Kingdom   = Citation{PECR, "Regulation 6", asOf}
	KingdomA1 = Citation{PECR, "Schedule A1", asOf}
	Spain     = Citation{LSSI, "Article 22(2)", asOf}
	Italy     = Citation{ItalianCode, "Article 122", asOf}
	// OptOutSignal: an opt-out preference signal is a valid request to opt out.
	OptOutSignal = Citation{CaliforniaRegulations, "§ 7025(b), (c)(1)", asOf}
	// CaliforniaDisclosures, CaliforniaDesign, CaliforniaPolicy, CaliforniaNotice
	// and CaliforniaOptOut: how consumers are told, how choices are offered, what
	// a privacy policy says, the notice of the right to opt out, and opting out.
	CaliforniaDisclosures = Citation{CaliforniaRegulations, "§ 7003", asOf}
	CaliforniaDesign      = Citation{CaliforniaRegulations, "§ 7004", asOf}
	CaliforniaPolicy      = Citation{CaliforniaRegulations, "§ 7011", asOf}
	CaliforniaNotice      = Citation{CaliforniaRegulations, "§ 7013", asOf}
	CaliforniaOptOut      = Citation{CaliforniaRegulations, "§ 7026", asOf}
	// CaliforniaRetention: how long is said, and no longer than needed.
	CaliforniaRetention = Citation{CaliforniaAct, "§ 1798.100(a)(3)", asOf}
	// CaliforniaSecurity: security appropriate to the information.
	CaliforniaSecurity = Citation{CaliforniaAct, "§ 1798.100(e)", asOf}
	// CaliforniaRight: the right to opt out of sale and sharing.
	CaliforniaRight = Citation{CaliforniaAct, "§ 1798.120", asOf}
	// CaliforniaCategories: what is collected, why, and whom it is passed on to.
	CaliforniaCategories = Citation{CaliforniaAct, "§ 1798.130(a)(5)", asOf}
)

// All returns every citation, law first, in the order in which it is to be
// documented.
func All() []Citation {
	return slices.Concat([]Citation{EPrivacy5_3}, ofGDPR(), retained(), []Citation{
		France, Germany, Kingdom, KingdomA1, Spain, Italy,
		CaliforniaRetention, CaliforniaSecurity, CaliforniaRight, CaliforniaCategories,
		CaliforniaDisclosures, CaliforniaDesign, CaliforniaPolicy, CaliforniaNotice, OptOutSignal, CaliforniaOptOut,
		Planet49DurationAndAccess, Planet49PreTicked,
		TaskforceNecessary, TaskforceReject, TaskforcePreTicked, TaskforceDesign, TaskforceClassified, TaskforcePreferences, TaskforceWithdrawal,
		TechnicalScope, TechnicalScopeStorage, TechnicalScopeTracking, TechnicalScopeIdentifiers, ValidConsent, ScrollingIsNoConsent, Exemptions,
		AudienceMeasurement, RefuseAsEasily, KeepRefusals, ProveConsent, Garante, AEPD, MeasurementSpain, StorageAndAccess,
		TCFPolicies, LifetimeCap, CookieRules,
	})
}

func ofGDPR() []Citation {
	return []Citation{
		GDPRRecital32, GDPR4_11, GDPR5_1a, GDPR5_1d, GDPR5_1e, GDPR5_2, GDPR6, GDPR6_1a, GDPR7, GDPR7_1, GDPR7_3,
		GDPR12, GDPR12_1, GDPR13, GDPR13_1c, GDPR13_1e, GDPR13_2a, GDPR32,
	}
}

// retained are the provisions of the GDPR in the law of the United Kingdom. The
// Data (Use and Access) Act 2025 renumbered the definitions.
func retained() []Citation {
	var out []Citation
	for _, c := range ofGDPR() {
		if c != GDPR4_11 {
			out = append(out, Citation{UKGDPR, c.Provision, asOf})
		}
	}
	return out
}

// Of returns the citations of an instrument, by its ID.
func Of(id string) []Citation {
	var out []Citation
	for _, c := range All() {
		if c.Instrument.ID == id {
			out = append(out, c)
		}
	}
	return out
}
