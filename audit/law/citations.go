package law

// asOf is the day on which the citations were last checked.
const asOf = "2026-11-21"

// The citations. A guidance or case citation has a pinpoint only where the
// paragraph was read or is quoted by a second source; else it names the
// instrument alone.
var (
	// EPrivacy5_3 requires consent and clear information before something is
	// stored on, or read from, a visitor's device.
	EPrivacy5_3 = Citation{EPrivacyDirective, "Article 5(3)", asOf}

	// GDPR4_11 defines consent.
	GDPR4_11 = Citation{GDPR, "Article 4(11)", asOf}
	// GDPR5_1a requires transparency.
	GDPR5_1a = Citation{GDPR, "Article 5(1)(a)", asOf}
	// GDPR6_1a makes consent a lawful basis.
	GDPR6_1a = Citation{GDPR, "Article 6(1)(a)", asOf}
	// GDPR7 sets the conditions of consent.
	GDPR7 = Citation{GDPR, "Article 7", asOf}
	// GDPR7_1 requires that consent can be demonstrated.
	GDPR7_1 = Citation{GDPR, "Article 7(1)", asOf}
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
	// TaskforceNecessary: what "strictly necessary" covers, and the opinion
	// that it is to be judged by.
	TaskforceNecessary = Citation{CookieBannerTaskforce, "", asOf}
	// TechnicalScopeTracking: a pixel or link that makes the device send
	// information is within Article 5(3).
	TechnicalScopeTracking = Citation{TechnicalScopeGuidelines, "paragraphs 50–51", asOf}
	// ValidConsent: what consent must be to count.
	ValidConsent = Citation{ConsentGuidelines, "", asOf}
	// Exemptions: the classes of cookies that need no consent.
	Exemptions = Citation{ExemptionOpinion, "", asOf}
	// LifetimeCap: browsers keep no cookie longer than 400 days, so the
	// lifetime asked for is only in what set it.
	LifetimeCap = Citation{CookieStandard, "", asOf}
	// AudienceMeasurement: the conditions under which audience measurement can
	// be exempt in France.
	AudienceMeasurement = Citation{CNILGuidelines, "", asOf}
	// RefuseAsEasily: refusing must be as easy as accepting.
	RefuseAsEasily = Citation{CNILRecommendation, "paragraph 34", asOf}
)

// All returns every citation, law first, in the order in which it is to be
// documented.
func All() []Citation {
	return []Citation{
		EPrivacy5_3,
		GDPR4_11, GDPR5_1a, GDPR6_1a, GDPR7, GDPR7_1, GDPR12, GDPR13, GDPR13_1e, GDPR13_2a,
		Planet49DurationAndAccess,
		TaskforceNecessary, TechnicalScopeTracking, ValidConsent, Exemptions, AudienceMeasurement, RefuseAsEasily,
		LifetimeCap,
	}
}
