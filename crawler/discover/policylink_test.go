package discover

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What sites of each language call the two documents.
func policyNames() map[string][2][]string {
	return map[string][2][]string{
		"en": {{"Cookie Policy", "Cookies", "Cookie notice", "How we use cookies", "Use of cookies"}, {"Privacy policy", "Privacy", "Data protection", "Privacy & Terms"}},
		"de": {{"Cookie-Richtlinie", "Cookies", "Cookie-Hinweise", "Cookierichtlinie (EU)"}, {"Datenschutz", "Datenschutzerklärung", "Datenschutzhinweise"}},
		"fr": {{"Politique de cookies", "Politique relative aux cookies", "Gestion des cookies", "Charte cookies"}, {"Politique de confidentialité", "Données personnelles", "Vie privée"}},
		"es": {{"Política de cookies", "Aviso de cookies"}, {"Política de privacidad", "Protección de datos"}},
		"it": {{"Informativa sui cookie", "Cookie Policy", "Informativa estesa sui cookie"}, {"Informativa sulla privacy", "Protezione dei dati"}},
		"nl": {{"Cookiebeleid", "Cookieverklaring", "Cookies"}, {"Privacybeleid", "Privacyverklaring"}},
		"pl": {{"Polityka cookies", "Polityka plików cookies", "Ciasteczka"}, {"Polityka prywatności", "Ochrona danych osobowych", "RODO"}},
		"pt": {{"Política de cookies", "Utilização de cookies"}, {"Política de privacidade", "Proteção de dados"}},
		"sv": {{"Kakor", "Om cookies", "Cookiepolicy"}, {"Integritetspolicy", "Personuppgifter", "Behandling av personuppgifter"}},
		"da": {{"Cookiepolitik", "Cookies"}, {"Privatlivspolitik", "Persondatapolitik"}},
		"fi": {{"Evästeet", "Evästekäytäntö", "Tietoa evästeistä"}, {"Tietosuojaseloste", "Tietosuoja"}},
		"hu": {{"Süti szabályzat", "Sütik", "Cookie tájékoztató"}, {"Adatvédelmi tájékoztató", "Adatkezelési tájékoztató"}},
		"cs": {{"Zásady cookies", "Soubory cookie", "Informace o cookies"}, {"Ochrana osobních údajů", "Zásady ochrany osobních údajů"}},
		"sk": {{"Zásady používania súborov cookie", "Cookies"}, {"Ochrana osobných údajov"}},
		"no": {{"Informasjonskapsler", "Bruk av informasjonskapsler"}, {"Personvern", "Personvernerklæring"}},
		"ro": {{"Politica de cookies", "Politica cookie-uri"}, {"Politica de confidențialitate", "Protecția datelor"}},
		"bg": {{"Политика за бисквитки", "Бисквитки"}, {"Политика за поверителност", "Защита на личните данни"}},
		"hr": {{"Politika kolačića", "Kolačići", "Pravila o kolačićima"}, {"Politika privatnosti", "Zaštita osobnih podataka"}},
		"sl": {{"Piškotki", "Pravilnik o piškotkih"}, {"Politika zasebnosti", "Varstvo osebnih podatkov", "Varovanje osebnih podatkov"}},
		"et": {{"Küpsised", "Küpsiste poliitika", "Küpsisepoliitika"}, {"Privaatsuspoliitika", "Isikuandmete kaitse"}},
		"lv": {{"Sīkdatnes", "Sīkdatņu politika"}, {"Privātuma politika"}},
		"lt": {{"Slapukai", "Slapukų politika"}, {"Privatumo politika", "Asmens duomenų apsauga"}},
		"el": {{"Πολιτική cookies", "Cookies"}, {"Πολιτική απορρήτου", "Προστασία προσωπικών δεδομένων"}},
		"ga": {{"Fianáin", "Polasaí fianán"}, {"Príobháideachas"}},
		"mt": {{"Politika dwar il-cookies"}, {"Privatezza"}},
		"uk": {{"Політика використання файлів cookie", "Файли cookie"}, {"Політика конфіденційності", "Захист персональних даних"}},
		"tr": {{"Çerez Politikası", "Çerezler", "Çerez aydınlatma metni"}, {"Gizlilik Politikası", "KVKK", "Kişisel Verilerin Korunması"}},
		"ja": {{"クッキーポリシー", "Cookieポリシー", "クッキーについて"}, {"プライバシーポリシー", "個人情報保護方針"}},
		"ca": {{"Política de galetes"}, {"Política de privacitat", "Protecció de dades"}},
		"ru": {{"Политика cookie", "Файлы cookie", "Использование файлов cookie"}, {"Политика конфиденциальности", "Персональные данные", "Обработка персональных данных"}},
		"sr": {{"Политика колачића", "Kolačići"}, {"Политика приватности", "Zaštita podataka o ličnosti"}},
		"mk": {{"Политика за колачиња", "Колачиња"}, {"Политика за приватност", "Заштита на лични податоци"}},
		"zh": {{"Cookie 政策", "Cookie 声明"}, {"隐私政策", "個人資料保護政策"}},
		"ko": {{"쿠키 정책", "쿠키"}, {"개인정보 처리방침", "개인정보처리방침"}},
		"ar": {{"سياسة ملفات تعريف الارتباط", "ملفات تعريف الارتباط"}, {"سياسة الخصوصية", "حماية البيانات"}},
		"gl": {{"Política de cookies"}, {"Política de privacidade", "Protección de datos"}},
		"cy": {{"Polisi cwcis", "Cwcis"}, {"Polisi preifatrwydd", "Diogelu data"}},
		"is": {{"Vafrakökur", "Vafrakökustefna"}, {"Persónuverndarstefna"}},
	}
}

func TestPolicyLinksByName(t *testing.T) {
	t.Parallel()
	names := policyNames()
	for _, l := range words().languages {
		if len(names[l.Lang][0]) == 0 || len(names[l.Lang][1]) == 0 {
			t.Errorf("language %s has no names to test", l.Lang)
		}
	}
	home := site(t, "example.org")
	for lang, kinds := range names {
		for i, kind := range []PolicyKind{CookiePolicy, PrivacyPolicy} {
			for _, text := range kinds[i] {
				for _, l := range []Link{{URL: "https://example.org/p/17", Text: text}, {URL: "https://help.other.test/9", Text: strings.ToUpper(text)}} {
					got := PolicyLinks(home, []Link{l})
					if len(got) != 1 || got[0].Kind != kind {
						t.Errorf("%s %q (%s): got %+v, want kind %s", lang, l.Text, l.URL, got, kind)
					}
				}
			}
		}
	}
}

func TestPolicyLinksByPath(t *testing.T) {
	t.Parallel()
	home := site(t, "example.org")
	for _, l := range words().languages {
		for _, p := range WellKnownPolicyPaths(l.Lang) {
			if got := PolicyLinks(home, []Link{{URL: "https://example.org" + p, Text: "…"}}); len(got) != 1 && !strings.Contains(p, "rodo") && !isLegalPath(p) {
				t.Errorf("%s: path %s is no policy link", l.Lang, p)
			}
			if got := PolicyLinks(home, []Link{{URL: "https://other.test" + p, Text: "…"}}); len(got) != 0 {
				t.Errorf("%s: path %s of another site alone proves nothing, got %+v", l.Lang, p, got)
			}
		}
	}
}

// isLegalPath: legal notices are found by their text only.
func isLegalPath(p string) bool {
	return slices.Contains([]string{"/legal", "/impressum", "/mentions-legales", "/aviso-legal", "/note-legali", "/disclaimer", "/regulamin", "/avis-legal", "/policy"}, p)
}

func TestPolicyLinksAreRanked(t *testing.T) {
	t.Parallel()
	links := []Link{
		{URL: "https://example.org/legal", Text: "Legal notice"},
		{URL: "https://policies.other.test/privacy", Text: "Privacy Policy"},
		{URL: "https://example.org/privacy", Text: "Privacy"},
		{URL: "https://example.org/settings", Text: "Cookie settings"},
		{URL: "https://example.org/", Text: "Cookie settings"},
		{URL: "https://example.org/#cookies", Text: "Cookies"},
		{URL: "https://help.other.test/c", Text: "Cookie Policy"},
		{URL: "https://example.org/x7", Text: "Cookie policy", InFooter: true},
		{URL: "https://example.org/x7#list", Text: "cookies"},
		{URL: "https://example.org/privacy/cookies", Text: "read more", InBanner: true},
		{URL: "https://example.org/about", Text: "About us"},
		{URL: "https://example.org/c.pdf", Text: "Cookie policy (PDF)"},
	}
	var got []string
	for _, p := range PolicyLinks(site(t, "example.org"), links) {
		got = append(got, string(p.Kind)+" "+p.URL)
	}
	want := []string{
		"cookie https://example.org/x7", "cookie https://example.org/c.pdf", "cookie https://example.org/privacy/cookies",
		"cookie https://help.other.test/c", "cookie https://example.org/settings",
		"privacy https://example.org/privacy", "privacy https://policies.other.test/privacy", "legal https://example.org/legal",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestNoPolicyLinks(t *testing.T) {
	t.Parallel()
	for _, l := range []Link{
		{URL: "https://example.org/recipes/chocolate-cookies", Text: "Chocolate cookies"},
		{URL: "https://example.org/shop/cookies-and-cakes", Text: "Cookies & cakes"},
		{URL: "https://example.org/about", Text: "About us"},
		{URL: "https://example.org/contact", Text: "Contact"},
		{URL: "https://example.org/cookie.png", Text: "Cookie policy"},
		{URL: "https://example.org/?cookies=reject", Text: "Reject cookies"},
		{URL: "https://example.org/terms", Text: "Delivery"},
	} {
		if got := PolicyLinks(site(t, "example.org"), []Link{l}); len(got) > 0 {
			t.Errorf("%+v: got %+v", l, got)
		}
	}
}

func TestWellKnownPolicyPaths(t *testing.T) {
	t.Parallel()
	de := WellKnownPolicyPaths("de-AT")
	if de[0] != "/cookie-richtlinie" || !slices.Contains(de, "/privacy-policy") {
		t.Errorf("got %v", de)
	}
	sorted := slices.Sorted(slices.Values(de))
	if len(slices.Compact(sorted)) != len(de) {
		t.Errorf("doubles in %v", de)
	}
	if d := cmp.Diff(WellKnownPolicyPaths(), WellKnownPolicyPaths("xx")); d != "" {
		t.Error(d)
	}
}
