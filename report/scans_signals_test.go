package report_test

import (
	"time"

	"cookieaudit/crawler/evidence"
)

// signals are one of each kind.
func signals() []evidence.Signal {
	page := "https://" + town + "/"
	tcf := &evidence.TCF{
		Version: 2, Created: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Updated: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), CMPID: 300, CMPVersion: 2, ConsentScreen: 1,
		Language: "EN", VendorListVersion: 101, PolicyVersion: 5, ServiceSpecific: true, PublisherCountry: "BE", SpecialFeatures: []int{}, PurposeConsents: []int{1}, PurposeInterests: []int{2, 7},
		VendorConsents: evidence.IDSet{}, VendorInterests: evidence.IDSet{{10, 12}, {755, 755}}, Restrictions: []evidence.TCFRule{{Purpose: 2, Kind: "require_consent", Vendors: evidence.IDSet{{1, 4}}}},
		Status: "useractioncomplete", Applies: ptr(true),
	}
	return []evidence.Signal{
		{
			Kind: evidence.SignalConsentMode, Source: evidence.FromDataLayer, Name: "dataLayer", Page: page, Frame: page, AtMS: 40, PageMS: 40,
			ConsentMode: &evidence.ConsentMode{Command: "default", States: map[string]string{"ad_storage": "denied", "analytics_storage": "granted"}, Script: page, AfterTag: ptr(false), FirstTagMS: ptr(int64(30))},
		},
		{Kind: evidence.SignalTCF, Source: evidence.FromAPI, Name: "__tcfapi", Page: page, Frame: page, AtMS: 1900, PageMS: 1900, AfterAnswer: true, Raw: "CQ...", TCF: tcf},
		{
			Kind: evidence.SignalGPP, Source: evidence.FromCookie, Name: "gpp", Page: page, AtMS: 1900, PageMS: 1900, AfterAnswer: true, Raw: "DBABLA~BVQqAAAAAgA.QA",
			GPP: &evidence.GPP{Sections: []evidence.GPPSection{{ID: 7, Name: "usnat", Raw: "BVQqAAAAAgA.QA", Fields: map[string][]int{"SaleOptOut": {1}}, OptedOut: []string{"SaleOptOut"}, GPC: ptr(true)}}},
		},
		{Kind: evidence.SignalUSPrivacy, Source: evidence.FromCookie, Name: "usprivacy", Page: page, AtMS: 1900, PageMS: 1900, AfterAnswer: true, Raw: "1YYN", USPrivacy: &evidence.USPrivacy{Notice: "Y", OptedOut: "Y", LSPA: "N"}},
		{Kind: evidence.SignalRecord, Source: evidence.FromCookie, Name: "town_consent", Page: page, Frame: town, AtMS: 1900, PageMS: 1900, AfterAnswer: true, Reads: "refused"},
	}
}
