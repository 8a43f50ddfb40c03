package signal_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cookieaudit/crawler/consent/signal"
	"cookieaudit/crawler/evidence"
)

func read[T any](t *testing.T, path string) T {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out T
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTCF(t *testing.T) {
	t.Parallel()
	type vector struct {
		Name, Text string
		Want       *evidence.TCF
	}
	for _, v := range read[[]vector](t, "testdata/tcf.json") {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			got, err := signal.TCF(v.Text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(v.Want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGPP(t *testing.T) {
	t.Parallel()
	type vector struct {
		Name, Text string
		IDs        []int
		Sections   map[string]map[string]any
	}
	for _, v := range read[[]vector](t, "testdata/gpp.json") {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			got, err := signal.GPP(v.Text)
			if err != nil {
				t.Fatal(err)
			}
			ids := []int{}
			for _, s := range got.Sections {
				ids = append(ids, s.ID)
				if s.Error != "" {
					t.Errorf("%s: %s", s.Name, s.Error)
				}
				checkSection(t, &s, v.Sections[s.Name])
			}
			if diff := cmp.Diff(v.IDs, ids, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("sections (-want +got):\n%s", diff)
			}
		})
	}
}

// checkSection compares the fields of a section with those of the encoder, whose
// names and values are the specification's.
func checkSection(t *testing.T, s *evidence.GPPSection, want map[string]any) {
	t.Helper()
	switch s.Name {
	case "":
		t.Errorf("section %d has no name", s.ID)
	case "tcfeuv2":
		if s.TCF == nil || s.TCF.CMPID != 31 || !s.TCF.VendorConsents.Has(24) || s.TCF.VendorConsents.Len() != 3 || !cmp.Equal(s.TCF.PurposeConsents, []int{1, 3}) {
			t.Errorf("TCF in GPP: %+v", s.TCF)
		}
	case "uspv1":
		if diff := cmp.Diff(&evidence.USPrivacy{Notice: "Y", OptedOut: "Y", LSPA: "N"}, s.USPrivacy); diff != "" {
			t.Errorf("US Privacy in GPP (-want +got):\n%s", diff)
		}
	}
	optedOut := map[string]bool{}
	for _, name := range s.OptedOut {
		optedOut[name] = true
	}
	for name, value := range want {
		list, isList := value.([]any)
		if !isList {
			list = []any{value}
		}
		if name == "Gpc" {
			if s.GPC == nil || *s.GPC != value.(bool) {
				t.Errorf("%s: GPC is %v, want %v", s.Name, s.GPC, value)
			}
			continue
		}
		got, ok := s.Fields[name]
		if !ok {
			continue // the version, what is in another segment, and other sections' fields
		}
		var fields []int
		for _, x := range list {
			n, _ := x.(float64)
			fields = append(fields, int(n))
		}
		if diff := cmp.Diff(fields, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", s.Name, name, diff)
		}
		if strings.HasSuffix(name, "OptOut") && optedOut[name] != (fields[0] == 1) {
			t.Errorf("%s: opted out by %v, %s is %d", s.Name, s.OptedOut, name, fields[0])
		}
	}
	for name := range s.Fields {
		if _, known := want[name]; !known {
			t.Errorf("%s has no field %s", s.Name, name)
		}
	}
}

// Version 1 of the national section is shorter: 12 kinds of sensitive data and 2
// of children's.
func TestGPPNationalVersion1(t *testing.T) {
	t.Parallel()
	// In bits: version 000001, nine fields 01, twelve of 10, two of 01, then 01,
	// 10, 00 and 01.
	g, err := signal.GPP("DBABLA~BVVVqqqqVh")
	if err != nil {
		t.Fatal(err)
	}
	f := g.Sections[0].Fields
	if len(g.Sections) != 1 || g.Sections[0].Error != "" || !cmp.Equal(f["SensitiveDataProcessing"], []int{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}) ||
		!cmp.Equal(f["KnownChildSensitiveDataConsents"], []int{1, 1}) || !cmp.Equal(f["PersonalDataConsents"], []int{1}) || !cmp.Equal(f["MspaServiceProviderMode"], []int{1}) {
		t.Errorf("%+v", g.Sections)
	}
	if diff := cmp.Diff([]string{"SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"}, g.Sections[0].OptedOut); diff != "" {
		t.Errorf("opted out (-want +got):\n%s", diff)
	}
}

func TestUSPrivacy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]*evidence.USPrivacy{
		"1YNN": {Notice: "Y", OptedOut: "N", LSPA: "N"},
		"1yy-": {Notice: "Y", OptedOut: "Y", LSPA: "-"},
		"1---": {Notice: "-", OptedOut: "-", LSPA: "-"},
		"2YNN": nil, "1YN": nil, "1YNNN": nil, "": nil, "1YNX": nil,
	} {
		got, err := signal.USPrivacy(text)
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
}

func TestMode(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]map[string]string{
		"https://www.google-analytics.com/g/collect?v=2&gcs=G101&gcd=13p3t3l3q5&cid=1": {
			"ad_storage": "denied by default", "analytics_storage": "granted by default", "ad_user_data": "unset", "ad_personalization": "denied by default, denied by update",
		},
		"https://ads.test/pagead?gcs=G1-0":                          {"ad_storage": "unset", "analytics_storage": "denied"},
		"https://ad.doubleclick.test/activity;src=1;gcs=G111;ord=1": {"ad_storage": "granted", "analytics_storage": "granted"},
		"https://a.test/x?gcd=11r1u1n1v5":                           {"ad_storage": "denied by default, granted by update", "analytics_storage": "granted by default, denied by update", "ad_user_data": "granted by update", "ad_personalization": "granted by default, granted by update"},
		"https://a.test/x?gcs=G1&gcd=1&v=2":                         {},
		"https://a.test/x?gcs=" + strings.Repeat("G", 5000):         {},
		"://": {},
		"https://a.test/x?gcd=1" + strings.Repeat("l", 70) + "&gcs=%": {},
	} {
		got, raw := signal.Mode(address)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || (raw != "") != (len(want) > 0) {
			t.Errorf("%.80s: raw %q (-want +got):\n%s", address, raw, diff)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "C", "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA", "CQfDEkAQgipwAEsAHCENCOFg", "CQfDEk!", strings.Repeat("C", 70000), "CQfDEkAQgipwAEsAHCENCOFgAAAAAAAAAACYAAAAAAAA.wAAA"} {
		if got, err := signal.TCF(text); err == nil {
			t.Errorf("TCF %.30q: %+v", text, got)
		}
	}
	for _, text := range []string{"", "DBAB", "DBABLA", "DBABLA~a~b", "CBABLA~BV", strings.Repeat("~", 70000), "DB__________________"} {
		if got, err := signal.GPP(text); err == nil {
			t.Errorf("GPP %.30q: %+v", text, got)
		}
	}
	g, err := signal.GPP("DBABLA~B")
	if err != nil || len(g.Sections) != 1 || g.Sections[0].Error == "" {
		t.Errorf("a section that is cut short: %+v %v", g, err)
	}
}

func FuzzTCF(f *testing.F) {
	f.Add("CQfDEkAQgipwAEsAHCENCOFoALAAAAAAAAACYImQAwABQLzAvUCJgAAAAAAAA.YAAAAAAAAAAA")
	f.Add("CQfDEkAQgipwAEsAHCENCOFAAP_gAAAAAACYAAAAAAAA.IJYQAYAAglgA.QAEgKAAA")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := signal.TCF(text)
		if err != nil {
			return
		}
		for _, s := range []evidence.IDSet{got.VendorConsents, got.VendorInterests, got.DisclosedVendors, got.AllowedVendors} {
			for i, r := range s {
				if r[0] > r[1] || i > 0 && r[0] <= s[i-1][1]+1 {
					t.Fatalf("ranges out of order: %v", s)
				}
			}
		}
	})
}

func FuzzGPP(f *testing.F) {
	f.Add("DBADPbSw~CQuFeUAQuFeUAAfAAAENAAFgAKAAAAAAAAAAAYAAQAQAAAQAAAAA.IAAA~1YYN~CAAgAAAAAABA.QA~BAQAAABA.QA~BQBA.AAA")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := signal.GPP(text)
		if err == nil && len(got.Sections) > 100 {
			t.Fatalf("%d sections", len(got.Sections))
		}
	})
}
