package discover

import "testing"

// actions are what sites of each language call the links that end a session, and
// those to the cart: written from what sites say, not from the word list.
func actions() map[string][]string {
	return map[string][]string{
		"en": {"Log out", "Sign out of your account", "Unsubscribe", "Delete account", "Shopping cart"},
		"de": {"Abmelden", "Konto löschen", "Newsletter abbestellen", "Warenkorb", "Zur Kasse"},
		"fr": {"Se déconnecter", "Déconnexion", "Supprimer mon compte", "Se désabonner", "Mon panier"},
		"es": {"Cerrar sesión", "Eliminar cuenta", "Darse de baja", "Carrito"},
		"it": {"Esci", "Disconnetti", "Elimina account", "Carrello"},
		"nl": {"Uitloggen", "Account verwijderen", "Uitschrijven", "Winkelwagen"},
		"pl": {"Wyloguj się", "Usuń konto", "Wypisz się", "Koszyk"},
		"pt": {"Sair", "Terminar sessão", "Eliminar conta", "Carrinho"},
		"sv": {"Logga ut", "Ta bort konto", "Avprenumerera", "Varukorg"},
		"da": {"Log ud", "Slet konto", "Afmeld nyhedsbrev", "Indkøbskurv"},
		"fi": {"Kirjaudu ulos", "Poista tili", "Peruuta tilaus", "Ostoskori"},
		"hu": {"Kijelentkezés", "Fiók törlése", "Leiratkozás", "Kosár"},
		"cs": {"Odhlásit se", "Smazat účet", "Zrušit odběr", "Košík"},
		"sk": {"Odhlásiť sa", "Zmazať účet", "Zrušiť odber", "Košík"},
		"no": {"Logg ut", "Slett konto", "Avmeld", "Handlekurv"},
		"ro": {"Deconectare", "Șterge contul", "Dezabonare", "Coș de cumpărături"},
		"bg": {"Изход", "Изтрий профила", "Отписване", "Количка"},
		"hr": {"Odjava", "Izbriši račun", "Odjavi se", "Košarica"},
		"sl": {"Odjava", "Izbriši račun", "Košarica"},
		"et": {"Logi välja", "Kustuta konto", "Ostukorv"},
		"lv": {"Iziet", "Dzēst kontu", "Grozs"},
		"lt": {"Atsijungti", "Ištrinti paskyrą", "Krepšelis"},
		"el": {"Αποσύνδεση", "Διαγραφή λογαριασμού", "Απεγγραφή", "Καλάθι"},
		"ga": {"Logáil amach", "Scrios cuntas", "Díliostáil"},
		"mt": {"Oħroġ", "Ħassar il-kont"},
		"uk": {"Вийти", "Видалити акаунт", "Відписатися", "Кошик"},
		"tr": {"Çıkış yap", "Hesabı sil", "Abonelikten çık", "Sepet"},
		"ja": {"ログアウト", "アカウントを削除", "退会する", "カートを見る"},
		"ca": {"Tanca la sessió", "Elimina el compte", "Cistella"},
		"ru": {"Выйти", "Удалить аккаунт", "Отписаться", "Корзина"},
		"sr": {"Одјава", "Обриши налог", "Корпа"},
		"mk": {"Одјава", "Избриши сметка", "Кошничка"},
		"zh": {"退出登录", "删除账户", "购物车"},
		"ko": {"로그아웃", "회원 탈퇴", "장바구니"},
		"ar": {"تسجيل الخروج", "حذف الحساب", "سلة"},
		"gl": {"Pechar sesión", "Eliminar conta", "Cesta"},
		"cy": {"Allgofnodi", "Dileu cyfrif", "Basged"},
		"is": {"Útskráning", "Skrá út", "Eyða aðgangi", "Karfa"},
	}
}

func TestNoActionsInAnyLanguage(t *testing.T) {
	t.Parallel()
	all := actions()
	for _, l := range words().languages {
		if len(all[l.Lang]) == 0 {
			t.Errorf("language %s has no actions to test", l.Lang)
		}
	}
	home := site(t, "https://example.org/")
	for lang, texts := range all {
		for _, text := range texts {
			if got := choose(home, []Link{{URL: "https://example.org/x", Text: text}}, Choice{Pages: 1, Include: []Pattern{"*"}}); len(got) > 0 {
				t.Errorf("%s: %q was chosen", lang, text)
			}
		}
	}
}
