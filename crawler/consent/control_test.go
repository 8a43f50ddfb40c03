package consent

import (
	"strings"
	"testing"
)

// labels are what controls of real banners of each language say.
func labels() map[string]map[role][]string {
	return map[string]map[role][]string{
		"en": {
			accept:      {"Accept", "Accept all", "Accept all cookies", "I agree", "Agree and close", "Allow all", "Yes, I agree", "Accept & continue", "Enable all", "Consent", "ACCEPT ALL COOKIES"},
			reject:      {"Reject", "Reject all", "Decline", "Deny all", "Refuse", "Only necessary", "Necessary cookies only", "Use necessary cookies only", "Accept only essential cookies", "Accept necessary only", "Continue without accepting", "I do not agree", "Don't allow", "No thanks", "No, thanks", "Disagree", "Reject additional cookies", "Essential only", "Allow necessary cookies"},
			settings:    {"Settings", "Cookie settings", "Manage preferences", "Manage cookies", "Customise", "Customize choices", "More options", "Options", "Let me choose", "Show purposes", "Manage consent", "Cookie preferences", "Manage or reject", "Privacy settings", "Your choices"},
			save:        {"Save", "Save settings", "Save my choices", "Confirm my choices", "Allow selection", "Accept selected", "Save and close", "Save & exit", "Confirm", "Save preferences"},
			acknowledge: {"OK", "Ok!", "Got it", "Got it!", "I understand", "Continue", "Understood"},
			closes:      {"×", "✕", "Close", "Dismiss", "X", "Hide this message", "Hide cookie message"},
			learn:       {"Learn more", "More information", "Cookie policy", "Privacy policy", "Read more", "here"},
			other:       {"Subscribe", "Log in", "Sign up", "Reject and subscribe", "Subscribe to reject", "Accept and sign up", "Pay to reject", "Buy now", "Search", "Menu", "Deutsch", "Contact us", "Yes, I'm over 18", "Download", "Share", "Strictly necessary cookies", "Necessary cookies", "Necessary", strings.Repeat("accept ", 20)},
		},
		"de": {
			accept:   {"Akzeptieren", "Alle akzeptieren", "Alle Cookies akzeptieren", "Zustimmen", "Ich stimme zu", "Einverstanden", "Alle zulassen", "Zustimmen und weiter", "Annehmen", "Das ist ok"},
			reject:   {"Ablehnen", "Alle ablehnen", "Nur notwendige Cookies", "Nur notwendige Cookies akzeptieren", "Nur essenzielle Cookies akzeptieren", "Weiter ohne Zustimmung", "Ohne Einwilligung fortfahren", "Nicht zustimmen", "Nein, danke", "Nur erforderliche", "Nur technisch notwendige", "Verweigern"},
			settings: {"Einstellungen", "Cookie-Einstellungen", "Individuelle Datenschutzeinstellungen", "Cookies verwalten", "Anpassen", "Weitere Optionen", "Mehr Optionen", "Details zeigen", "Datenschutzeinstellungen"},
			save:     {"Speichern", "Auswahl speichern", "Auswahl erlauben", "Auswahl akzeptieren", "Einstellungen speichern", "Auswahl bestätigen", "Ausgewählte akzeptieren", "Speichern und schließen"}, acknowledge: {"Verstanden", "Alles klar", "Weiter"}, learn: {"Mehr erfahren", "Mehr Informationen", "Datenschutzerklärung", "Impressum"},
			other: {"Abonnieren", "Anmelden", "Jetzt werbefrei lesen", "Mit Abo ablehnen", "Kaufen"}, closes: {"Schließen"},
		},
		"fr": {accept: {"Accepter", "Tout accepter", "J'accepte", "Accepter et fermer", "D'accord", "Autoriser tous les cookies"}, reject: {"Refuser", "Tout refuser", "Continuer sans accepter", "Je refuse", "Rejeter", "Non merci", "Uniquement les nécessaires", "Cookies nécessaires uniquement", "Interdire tous les cookies"}, settings: {"Paramétrer", "Personnaliser", "Gérer mes choix", "Paramètres des cookies", "Préférences", "Je choisis", "Gérer les cookies"}, save: {"Enregistrer", "Valider mes choix", "Enregistrer mes choix", "Confirmer mes choix"}, acknowledge: {"OK", "J'ai compris"}, learn: {"En savoir plus", "Politique de confidentialité"}, other: {"S'abonner", "Se connecter", "Refuser et s'abonner"}, closes: {"Fermer"}},
		"es": {accept: {"Aceptar", "Aceptar todas", "Aceptar y continuar", "Permitir todas"}, reject: {"Rechazar", "Rechazar todo", "Continuar sin aceptar", "Solo necesarias", "Denegar", "No acepto", "Aceptar solo las necesarias"}, settings: {"Configurar", "Configuración de cookies", "Gestionar opciones", "Personalizar", "Más opciones"}, save: {"Guardar", "Guardar preferencias", "Confirmar mis preferencias", "Permitir la selección"}, acknowledge: {"Entendido"}, other: {"Suscribirse", "Iniciar sesión"}},
		"it": {accept: {"Accetta", "Accetta tutti", "Accetto", "Acconsento"}, reject: {"Rifiuta", "Rifiuta tutti", "Continua senza accettare", "Solo necessari", "Usa solo i cookie necessari"}, settings: {"Personalizza", "Gestisci preferenze", "Impostazioni", "Scopri di più e personalizza"}, save: {"Salva", "Accetta selezionati", "Conferma le mie scelte"}, acknowledge: {"Ho capito"}, other: {"Abbonati", "Accedi"}},
		"nl": {accept: {"Accepteren", "Alles accepteren", "Akkoord", "Ja, ik accepteer cookies", "Alle cookies toestaan"}, reject: {"Weigeren", "Alles weigeren", "Alleen noodzakelijke cookies", "Doorgaan zonder te accepteren", "Nee, bedankt"}, settings: {"Instellingen", "Voorkeuren beheren", "Cookie-instellingen", "Zelf instellen"}, save: {"Opslaan", "Selectie toestaan", "Voorkeuren opslaan"}, acknowledge: {"Begrepen"}},
		"pl": {accept: {"Akceptuję", "Zaakceptuj wszystkie", "Zgadzam się", "Akceptuj wszystko", "Zezwól na wszystkie"}, reject: {"Odrzuć", "Odrzuć wszystkie", "Nie zgadzam się", "Tylko niezbędne", "Kontynuuj bez akceptacji", "Akceptuj tylko niezbędne"}, settings: {"Ustawienia", "Dostosuj", "Zarządzaj preferencjami", "Ustawienia zaawansowane"}, save: {"Zapisz", "Zapisz ustawienia", "Zezwól na wybór"}, acknowledge: {"Rozumiem"}},
		"pt": {accept: {"Aceitar", "Aceitar todos", "Concordo", "Permitir todos"}, reject: {"Rejeitar", "Recusar todos", "Continuar sem aceitar", "Apenas necessários", "Somente necessários"}, settings: {"Configurações", "Definições de cookies", "Gerir preferências", "Personalizar"}, save: {"Guardar", "Salvar preferências", "Confirmar as minhas escolhas"}, acknowledge: {"Entendi"}},
		"sv": {accept: {"Acceptera", "Godkänn alla", "Acceptera alla kakor", "Tillåt alla", "Jag godkänner"}, reject: {"Neka", "Avvisa alla", "Endast nödvändiga", "Bara nödvändiga cookies", "Godkänn endast nödvändiga"}, settings: {"Inställningar", "Cookieinställningar", "Hantera cookies", "Anpassa"}, save: {"Spara", "Spara val", "Tillåt urval"}, acknowledge: {"Jag förstår"}},
		"da": {accept: {"Accepter", "Accepter alle", "Tillad alle", "Tillad alle cookies"}, reject: {"Afvis", "Afvis alle", "Kun nødvendige", "Accepter kun nødvendige", "Nej tak"}, settings: {"Indstillinger", "Tilpas", "Administrer cookies", "Vis detaljer"}, save: {"Gem", "Gem indstillinger", "Tillad valgte"}, acknowledge: {"Forstået"}},
		"fi": {accept: {"Hyväksy", "Hyväksy kaikki", "Salli kaikki", "Hyväksyn"}, reject: {"Hylkää", "Hylkää kaikki", "Kiellä", "Vain välttämättömät", "Hyväksy vain välttämättömät", "En hyväksy"}, settings: {"Asetukset", "Evästeasetukset", "Hallitse evästeitä", "Muokkaa"}, save: {"Tallenna", "Tallenna valinnat", "Salli valinta"}, acknowledge: {"Ymmärrän", "Selvä"}},
		"hu": {accept: {"Elfogadom", "Összes elfogadása", "Mindet elfogadom"}, reject: {"Elutasítom", "Összes elutasítása", "Csak a szükségesek", "Csak a szükséges sütik elfogadása", "Nem fogadom el"}, settings: {"Beállítások", "Süti beállítások", "Testreszabás"}, save: {"Mentés", "Kiválasztottak elfogadása"}, acknowledge: {"Rendben", "Értem"}},
		"cs": {accept: {"Přijmout vše", "Souhlasím", "Povolit vše"}, reject: {"Odmítnout", "Odmítnout vše", "Nesouhlasím", "Pouze nezbytné", "Přijmout jen nezbytné"}, settings: {"Nastavení", "Podrobné nastavení", "Spravovat předvolby"}, save: {"Uložit", "Uložit nastavení", "Povolit výběr", "Souhlasím s vybranými"}, acknowledge: {"Rozumím"}},
		"sk": {accept: {"Prijať všetky", "Súhlasím"}, reject: {"Odmietnuť", "Odmietnuť všetko", "Iba nevyhnutné", "Nesúhlasím"}, settings: {"Nastavenia", "Prispôsobiť"}, save: {"Uložiť", "Povoliť výber"}},
		"no": {accept: {"Godta alle", "Aksepter", "Tillat alle", "Jeg godtar"}, reject: {"Avvis", "Avvis alle", "Kun nødvendige", "Bare nødvendige", "Nei takk"}, settings: {"Innstillinger", "Tilpass", "Administrer"}, save: {"Lagre", "Lagre valg", "Tillat valgte"}, acknowledge: {"Jeg forstår"}},
		"ro": {accept: {"Accept", "Acceptă toate", "Sunt de acord"}, reject: {"Respinge", "Refuz", "Respinge toate", "Doar necesare", "Nu accept"}, settings: {"Setări", "Setări cookie", "Personalizează"}, save: {"Salvează", "Salvează preferințele", "Permite selecția"}, acknowledge: {"Am înțeles"}},
		"bg": {accept: {"Приемам", "Приеми всички", "Съгласен съм", "Разрешаване на всички"}, reject: {"Отказвам", "Откажи всички", "Отхвърляне", "Само необходимите", "Не приемам"}, settings: {"Настройки", "Управление на предпочитанията"}, save: {"Запази", "Потвърждавам избора"}, acknowledge: {"Разбрах"}},
		"hr": {accept: {"Prihvaćam", "Prihvati sve", "Slažem se"}, reject: {"Odbij", "Odbijam sve", "Samo nužni", "Ne prihvaćam"}, settings: {"Postavke", "Postavke kolačića", "Prilagodi"}, save: {"Spremi", "Spremi postavke", "Dopusti odabrane"}, acknowledge: {"U redu", "Razumijem"}},
		"sl": {accept: {"Sprejmi vse", "Strinjam se", "Dovoli vse"}, reject: {"Zavrni", "Zavrni vse", "Samo nujni", "Ne strinjam se"}, settings: {"Nastavitve", "Prilagodi", "Nastavitve piškotkov"}, save: {"Shrani", "Shrani nastavitve", "Dovoli izbor"}, acknowledge: {"V redu", "Razumem"}},
		"et": {accept: {"Nõustun", "Nõustun kõigiga", "Luba kõik"}, reject: {"Keeldun", "Keela kõik", "Ainult vajalikud", "Ei nõustu"}, settings: {"Seaded", "Küpsiste seaded", "Kohanda"}, save: {"Salvesta", "Salvesta valikud", "Luba valik"}, acknowledge: {"Sain aru"}},
		"lv": {accept: {"Piekrītu", "Apstiprināt visas", "Atļaut visas"}, reject: {"Noraidīt", "Noraidīt visas", "Tikai nepieciešamās", "Nepiekrītu"}, settings: {"Iestatījumi", "Pārvaldīt", "Pielāgot"}, save: {"Saglabāt", "Apstiprināt izvēli", "Atļaut izvēlētās"}, acknowledge: {"Sapratu"}},
		"lt": {accept: {"Sutinku", "Sutinku su visais", "Priimti visus"}, reject: {"Atmesti", "Atmesti visus", "Nesutinku", "Tik būtinieji"}, settings: {"Nustatymai", "Tvarkyti slapukus", "Pritaikyti"}, save: {"Išsaugoti", "Leisti pasirinktus", "Patvirtinti pasirinkimą"}, acknowledge: {"Supratau", "Gerai"}},
		"el": {accept: {"Αποδοχή", "Αποδοχή όλων", "Συμφωνώ", "ΑΠΟΔΟΧΗ ΟΛΩΝ"}, reject: {"Απόρριψη", "Απόρριψη όλων", "Μόνο τα απαραίτητα", "Δεν συμφωνώ", "Άρνηση"}, settings: {"Ρυθμίσεις", "Διαχείριση επιλογών", "Προτιμήσεις"}, save: {"Αποθήκευση", "Αποδοχή επιλεγμένων"}, acknowledge: {"Κατάλαβα", "Εντάξει"}},
		"ga": {accept: {"Glac leis", "Glac le gach fianán"}, reject: {"Diúltaigh", "Diúltaigh do gach fianán"}, settings: {"Socruithe", "Socruithe fianán"}, save: {"Sábháil", "Sábháil socruithe"}},
		"mt": {accept: {"Aċċetta", "Aċċetta kollox", "Naċċetta"}, reject: {"Irrifjuta", "Irrifjuta kollox", "Dawk essenzjali biss"}, settings: {"Preferenzi", "Immaniġġja"}, save: {"Issejvja", "Ikkonferma"}},
		"uk": {accept: {"Прийняти", "Прийняти всі", "Погоджуюся", "Дозволити всі"}, reject: {"Відхилити", "Відхилити всі", "Лише необхідні", "Не погоджуюся", "Відмовитися"}, settings: {"Налаштування", "Налаштувати", "Керувати файлами cookie"}, save: {"Зберегти", "Підтвердити вибір", "Дозволити вибрані"}, acknowledge: {"Зрозуміло"}, other: {"Підписатися", "Увійти"}},
		"tr": {accept: {"Kabul Et", "Tümünü Kabul Et", "Kabul ediyorum", "Onayla"}, reject: {"Reddet", "Tümünü Reddet", "Yalnızca gerekli çerezler", "Sadece zorunlu çerezleri kabul et", "Kabul etmiyorum"}, settings: {"Ayarlar", "Çerez Ayarları", "Tercihleri Yönet", "Özelleştir"}, save: {"Kaydet", "Tercihleri Kaydet", "Seçimi Onayla", "Seçime izin ver"}, acknowledge: {"Tamam", "Anladım"}, other: {"Abone Ol", "Giriş Yap"}},
		"ja": {accept: {"同意する", "すべて同意する", "すべて許可", "Cookieを許可する", "すべてのCookieを受け入れる", "同意します"}, reject: {"拒否する", "すべて拒否", "すべてのCookieを拒否", "同意しない", "必須のみ", "必要なCookieのみ許可", "同意せずに続ける"}, settings: {"設定", "Cookieの設定", "詳細設定", "設定を管理する", "カスタマイズ"}, save: {"保存", "設定を保存", "選択を保存", "選択したものを許可"}, acknowledge: {"OK", "了解"}, closes: {"閉じる"}, other: {"会員登録", "ログイン", "メルマガを購読する"}},
		"is": {accept: {"Samþykkja", "Samþykkja allar", "Leyfa allar"}, reject: {"Hafna", "Hafna öllum", "Aðeins nauðsynlegar"}, settings: {"Stillingar"}, save: {"Vista", "Vista val"}},
		"ca": {accept: {"Accepta", "Accepta-ho tot"}, reject: {"Rebutja", "Rebutja-ho tot", "Només necessàries"}, settings: {"Configura", "Preferències"}, save: {"Desa", "Desa les preferències"}},
		"ru": {accept: {"Принять", "Принять все", "Согласен"}, reject: {"Отклонить", "Только необходимые", "Не принимаю"}, settings: {"Настройки", "Управление файлами cookie"}, save: {"Сохранить", "Подтвердить выбор"}, acknowledge: {"Понятно"}, other: {"Подписаться", "Войти"}},
		"sr": {accept: {"Прихватам све", "Prihvatam"}, reject: {"Одбиј све", "Samo neophodni"}, settings: {"Подешавања"}, save: {"Сачувај"}, acknowledge: {"Разумем"}},
		"gl": {accept: {"Aceptar todas"}, reject: {"Rexeitar", "Só necesarias"}, settings: {"Quero elixir"}, save: {"Gardar"}},
		"sq": {accept: {"Pranoj", "Prano të gjitha"}, reject: {"Refuzo"}, settings: {"Cilësimet"}, save: {"Ruaj zgjedhjet"}},
		"lb": {accept: {"Alles akzeptéieren"}, reject: {"Alles verwerfen"}, settings: {"Astellungen"}, save: {"Späicheren"}},
		"zh": {accept: {"全部接受", "同意并继续", "接受所有 Cookie"}, reject: {"全部拒绝", "不同意", "仅接受必要的 Cookie"}, settings: {"设置", "Cookie 设置"}, save: {"保存设置", "确认选择"}, acknowledge: {"知道了"}, other: {"订阅", "登录"}},
		"ko": {accept: {"모두 동의", "모든 쿠키 허용"}, reject: {"모두 거부", "필수 쿠키만 허용"}, settings: {"쿠키 설정"}, save: {"설정 저장"}, acknowledge: {"확인"}, other: {"로그인", "구독하기"}},
		"ar": {accept: {"قبول الكل", "موافق", "السماح للكل"}, reject: {"رفض الكل", "قبول الضرورية فقط", "المتابعة بدون قبول"}, settings: {"إعدادات ملفات تعريف الارتباط", "إدارة التفضيلات"}, save: {"حفظ التفضيلات"}, acknowledge: {"فهمت"}, other: {"اشترك الآن"}},
		"he": {accept: {"קבל הכל", "אני מסכים"}, reject: {"דחה הכל", "אני לא מסכים"}, settings: {"הגדרות עוגיות"}, save: {"שמור העדפות"}, acknowledge: {"הבנתי"}},
		"th": {accept: {"ยอมรับทั้งหมด"}, reject: {"ปฏิเสธทั้งหมด", "เฉพาะที่จำเป็น"}, settings: {"ตั้งค่าคุกกี้"}, save: {"บันทึก"}},
		"id": {accept: {"Terima semua"}, reject: {"Tolak semua", "Hanya yang diperlukan"}, settings: {"Pengaturan cookie"}, save: {"Simpan pilihan"}, acknowledge: {"Saya mengerti"}},
		"vi": {accept: {"Chấp nhận tất cả", "Đồng ý"}, reject: {"Từ chối tất cả", "Chỉ cookie cần thiết"}, settings: {"Tùy chỉnh", "Cài đặt cookie"}, save: {"Lưu lựa chọn"}, acknowledge: {"Đã hiểu"}},
	}
}

func TestLabelRole(t *testing.T) {
	t.Parallel()
	all := labels()
	for _, l := range words().perLang {
		for _, r := range []role{accept, reject, settings, save} {
			if len(all[l.lang][r]) == 0 {
				t.Errorf("language %s: no label to test for %s", l.lang, r)
			}
		}
	}
	for lang, byRole := range all {
		for want, ls := range byRole {
			for _, l := range ls {
				if got := labelRole(l); got != want {
					t.Errorf("%s: labelRole(%q) = %s, want %s", lang, l, got, want)
				}
			}
		}
	}
}

func TestRoleOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		c    control
		want role
	}{
		{"button", control{Kind: "button", Name: "Accept all", Text: "Accept all"}, accept},
		{"accessible name first", control{Kind: "button", Name: "Continue without accepting", Text: "×"}, reject},
		{"visible text where the name says nothing", control{Kind: "button", Name: "btn-2", Text: "Reject"}, reject},
		{"notice named by what it does", control{Kind: "link", Name: "dismiss cookie message", Text: "Got it!"}, acknowledge},
		{"cross", control{Kind: "button", Name: "Close", Text: "×"}, closes},
		{"link that chooses", control{Kind: "link", Name: "Reject", Href: "https://example.org/?c=no"}, reject},
		{"settings on another page", control{Kind: "link", Name: "Cookie settings", Href: "https://example.org/cookies"}, link},
		{"settings within the page", control{Kind: "link", Name: "Cookie settings"}, settings},
		{"link to read", control{Kind: "link", Name: "Learn more", Href: "https://example.org/p"}, link},
		{"link to somewhere", control{Kind: "link", Name: "Our shop", Href: "https://example.org/shop"}, link},
		{"button to read", control{Kind: "button", Name: "Learn more"}, other},
		{"disabled", control{Kind: "button", Name: "Accept", Locked: true}, other},
		{"switch", control{Kind: "toggle", Name: "Accept"}, toggle},
	} {
		if got := tt.c.roleOf(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]bool{
		"I do not want these cookies":               true,
		"Reject all":                                true,
		"Do not sell my personal data":              true,
		"Enable or disable all services":            false,
		"Alle Dienste aktivieren oder deaktivieren": false,
		"Activer ou désactiver tous les services":   false,
		"Statistics":                                false,
		"Reject or object to all":                   true,
	} {
		if got := objects(label); got != want {
			t.Errorf("%q objects: %v", label, got)
		}
	}
}
