package store

import "cookieaudit/crawler/evidence"

func sampleSignals() []evidence.Signal {
	tcf := evidence.TCF{
		Version: 2, Created: moment(1), Updated: moment(2), CMPID: 300, CMPVersion: 4, ConsentScreen: 1, Language: "DE", VendorListVersion: 90, PolicyVersion: 5,
		ServiceSpecific: true, NonStandardTexts: true, PurposeOneUnasked: true, PublisherCountry: "DE", SpecialFeatures: []int{1}, PurposeConsents: []int{1, 10}, PurposeInterests: []int{2},
		VendorConsents: evidence.IDSet{{1, 9}}, VendorInterests: evidence.IDSet{{2, 2}}, Restrictions: []evidence.TCFRule{{Purpose: 2, Kind: "not_allowed", Vendors: evidence.IDSet{{3, 4}}}},
		DisclosedVendors: evidence.IDSet{{1, 900}}, AllowedVendors: evidence.IDSet{{7, 7}}, PublisherConsents: []int{1}, PublisherInterests: []int{2}, CustomConsents: []int{1}, CustomInterests: []int{2},
		Status: "tcloaded", Applies: new(true),
	}
	us := &evidence.USPrivacy{Notice: "Y", OptedOut: "N", LSPA: "-"}
	return []evidence.Signal{
		{
			Kind: evidence.SignalTCF, Source: evidence.FromAPI, Name: "__tcfapi", Page: "https://www.example.test/", Frame: "https://www.example.test/", AtMS: 2500, PageMS: 2490, AfterAnswer: true,
			Raw: "CQ", TCF: &tcf,
		},
		{
			Kind: evidence.SignalGPP, Source: evidence.FromLocalStorage, Name: "gpp", Gone: true,
			GPP: &evidence.GPP{Applicable: []int{7}, Sections: []evidence.GPPSection{{
				ID: 7, Name: "usnat", Raw: "B", Fields: map[string][]int{"SaleOptOut": {1}}, OptedOut: []string{"SaleOptOut"}, GPC: new(true), TCF: &tcf, USPrivacy: us, Error: "cut short",
			}}},
		},
		{Kind: evidence.SignalUSPrivacy, Source: evidence.FromCookie, Name: "usprivacy", Raw: "1YN-", USPrivacy: us, Error: "odd"},
		{
			Kind: evidence.SignalConsentMode, Source: evidence.FromDataLayer, Name: "dataLayer",
			ConsentMode: &evidence.ConsentMode{Command: "default", States: map[string]string{"ad_storage": "denied"}, Regions: []string{"DE"}, Script: "https://tags.test/t.js", AfterTag: new(true), FirstTagMS: new(int64(20)), FirstHitMS: new(int64(0))},
		},
		{Kind: evidence.SignalManager, Source: evidence.FromAPI, Name: "Klaro", Choices: map[string]bool{"statistics": false}, Reads: "refused"},
	}
}
