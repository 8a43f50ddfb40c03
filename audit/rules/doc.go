// Package rules holds the catalogue: what can be wrong with a site's cookies,
// one rule per file, each with its law beside it.
//
// A check answers from what the scan holds. Where something it needs could not
// be looked at it says so and is inconclusive; it never takes that for absence.
package rules

import "cookieaudit/audit"

// All returns the rules in the order in which they are reported.
func All() []audit.Rule {
	return []audit.Rule{
		PreConsentAdvertising, PreConsentAnalytics, PreConsentPreferences, PreConsentUnclassified, PreConsentWebStorage, PreConsentTrackingRequest,
		NoConsentMechanism,

		PostRejectTracker, PostWithdrawTracker, PostWithdrawResidue, ConsentRecordMissing, ConsentNotPersisted, ConsentLifetimeExcessive,
		ConsentAsymmetricLifetime, ConsentBeforeAction, TCFSignalMismatch, ConsentModeMismatch, GPCIgnored,

		BannerNoRejectFirstLayer, BannerRejectHarder, BannerPreticked, BannerImpliedConsent, WithdrawalNotReachable,

		UndeclaredCookie, UndeclaredStorage, DeclaredNotObserved, LifetimeLongerThanDeclared, DeclaredSessionButPersistent,
		DeclaredPersistentButSession, RetentionNotDeclared, ThirdPartyNotDisclosed, PurposeMissing, PurposeContradictory, NecessaryMislabelled, PurposeOutlier,
		WildcardOverbroad, PolicyClaimContradicted, PolicyInternalContradiction, PolicyNotFound,

		CNAMECloakedTracker, CookieSync, SharedIDValue, StorageRespawn,

		LifetimeOverCeiling, LifetimeOver400Days, ExemptLifetimeDisproportionate, CookieNoSecure, SessionNoHTTPOnly, SameSiteNoneInsecure,
		CookieOverHTTP,
	}
}
