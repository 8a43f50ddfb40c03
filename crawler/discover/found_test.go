package discover

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPolicyLinksOfPages looks for the policies that landing pages lead to,
// among what only looks like one.
func TestPolicyLinksOfPages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		home string // "" is https://www.quay.test/
		page string
		want []string
	}{
		"a short word in the footer": {
			page: `<footer><a href="/c">Cookies</a> · <a href="/p">Privacy</a> · <a href="/t">Terms</a></footer>`,
			want: []string{"cookie /c", "privacy /p"},
		},
		"an icon that only an aria-label names": {
			page: `<a href="/about">About</a><a href="/17" aria-label="Cookie policy"><svg></svg></a><a href="/18" title="Privacy notice"><i class="lock"></i></a>`,
			want: []string{"cookie /17", "privacy /18"},
		},
		"an image that its alt text names": {
			page: `<a href="/hinweis"><img src="c.svg" alt="Cookie-Hinweise"></a>`,
			want: []string{"cookie /hinweis"},
		},
		"links of the banner": {
			page: `<div class="cookie-banner">We use cookies. <a href="/legal/storage">Read our cookie notice</a> <a href="#" >Accept</a> <a href="/?consent=accept">Accept cookies</a></div><a href="/privacy">Privacy</a>`,
			want: []string{"cookie /legal/storage", "privacy /privacy"},
		},
		"one link for both documents": {
			page: `<footer><a href="/privacy-en-cookies">Privacy- en cookieverklaring</a> <a href="/voorwaarden">Algemene voorwaarden</a></footer>`,
			want: []string{"cookie /privacy-en-cookies", "legal /voorwaarden"},
		},
		"a page of another language has one of its own": {
			home: "https://www.quay.test/de/",
			page: `<footer><a href="/de/cookies">Cookie-Richtlinie</a> <a href="/de/datenschutz">Datenschutz</a></footer>
<nav><a hreflang="en" href="/en/cookies">Cookie policy</a><a hreflang="fr" href="/fr/cookies">Politique de cookies</a><a hreflang="it" href="/it/cookies">Cookie policy</a><a hreflang="en" href="/en/privacy">Privacy policy</a></nav>`,
			want: []string{"cookie /de/cookies", "privacy /de/datenschutz"},
		},
		"only a page of another language": {
			home: "https://www.quay.test/hr/",
			page: `<footer><a href="/en/cookie-policy">Cookie policy</a> <a href="/hr/privatnost">Privatnost</a></footer>`,
			want: []string{"cookie /en/cookie-policy", "privacy /hr/privatnost"},
		},
		"a PDF": {
			page: `<footer><a href="/download/datenschutz-cookies.pdf">Informationen zu Cookies (PDF, 120 kB)</a> <a href="/download/jahresbericht.pdf">Jahresbericht</a></footer>`,
			want: []string{"cookie /download/datenschutz-cookies.pdf"},
		},
		"on a subdomain and at the parent organisation": {
			page: `<footer><a href="https://legal.quay.test/en/42">Cookie Notice</a> <a href="https://www.harbourgroup.test/privacy">Privacy policy</a> <a href="https://www.harbourgroup.test/investors">Investors</a></footer>`,
			want: []string{"cookie https://legal.quay.test/en/42", "privacy https://www.harbourgroup.test/privacy"},
		},
		"an international domain name": {
			home: "https://www.käserei.test/",
			page: `<footer><a href="https://www.käserei.test/kekse">Cookie-Erklärung</a> <a href="https://xn--kserei-bua.test/datenschutz">Datenschutz</a></footer>`,
			want: []string{"cookie /kekse", "privacy https://xn--kserei-bua.test/datenschutz"},
		},
		"the policies of an app and for applicants": {
			page: `<footer><a href="/app/privacy">Privacy policy of our app</a> <a href="/careers/privacy">Privacy notice for job applicants</a> <a href="/privacy">Privacy policy</a> <a href="/cookies">Cookie policy</a> <a href="/app/cookies">Cookies in our mobile app</a></footer>`,
			want: []string{"cookie /cookies", "privacy /privacy"},
		},
		"for applicants, in German": {
			page: `<footer><a href="/karriere/datenschutz">Datenschutzhinweise für Bewerber</a> <a href="/datenschutz">Datenschutz</a> <a href="/newsletter/datenschutz">Datenschutz Newsletter</a></footer>`,
			want: []string{"privacy /datenschutz"},
		},
		"nothing but the policy of an app": {
			page: `<footer><a href="/app/privacy">Privacy policy of our app</a></footer>`,
			want: []string{"privacy /app/privacy"},
		},
		"a bakery": {
			page: `<nav><a href="/shop/cookies">Cookies</a> <a href="/products/cookies-with-nuts">Cookies with nuts</a> <a href="/recipes/cookies">Cookies</a> <a href="/collections/cookies">All cookies</a></nav><footer><a href="/privacy">Privacy</a></footer>`,
			want: []string{"privacy /privacy"},
		},
		"a bakery with a policy": {
			page: `<nav><a href="/rezepte/cookies">Cookies</a> <a href="/kategorie/cookies">Cookies</a></nav><footer><a href="/cookies">Cookies</a></footer>`,
			want: []string{"cookie /cookies"},
		},
		"articles about cookies": {
			page: `<a href="/blog/what-are-cookies">What are cookies?</a> <a href="/news/2024/cookies">The end of third-party cookies: what it means for our readers and for you</a> <a href="/magazin/cookies-und-du">Cookies und du</a><footer><a href="/legal/cookies">Cookies</a></footer>`,
			want: []string{"cookie /legal/cookies"},
		},
		"in Russian":  {page: `<footer><a href="/1">Политика использования файлов cookie</a> <a href="/2">Политика конфиденциальности</a> <a href="/3">О нас</a></footer>`, want: []string{"cookie /1", "privacy /2"}},
		"in Chinese":  {page: `<footer><a href="/1">Cookie 政策</a> <a href="/2">隐私政策</a> <a href="/3">关于我们</a></footer>`, want: []string{"cookie /1", "privacy /2"}},
		"in Korean":   {page: `<footer><a href="/1">쿠키 정책</a> <a href="/2">개인정보 처리방침</a> <a href="/3">회사 소개</a></footer>`, want: []string{"cookie /1", "privacy /2"}},
		"in Arabic":   {page: `<footer><a href="/1">سياسة ملفات تعريف الارتباط</a> <a href="/2">سياسة الخصوصية</a> <a href="/3">من نحن</a></footer>`, want: []string{"cookie /1", "privacy /2"}},
		"in Serbian":  {page: `<footer><a href="/1">Политика колачића</a> <a href="/2">Политика приватности</a> <a href="/3">О нама</a></footer>`, want: []string{"cookie /1", "privacy /2"}},
		"in Galician": {page: `<footer><a href="/1">Política de cookies</a> <a href="/2">Política de privacidade</a> <a href="/3">Contacto</a></footer>`, want: []string{"cookie /1", "privacy /2"}},
		"in Welsh":    {page: `<footer><a href="/1">Cwcis</a> <a href="/2">Preifatrwydd</a> <a href="/3">Cysylltu</a></footer>`, want: []string{"cookie /1", "privacy /2"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := test.home
			if address == "" {
				address = "https://www.quay.test/"
			}
			home := site(t, address)
			links, err := Links(home.URL, []byte(test.page))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range PolicyLinks(home, links) {
				origin := "https://" + home.Host
				got = append(got, string(p.Kind)+" "+strings.TrimPrefix(p.URL, origin))
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}
