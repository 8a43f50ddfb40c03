package consent

import "testing"

// TestLabelsOfManagers reads the labels that published consent managers ship in
// their languages.
func TestLabelsOfManagers(t *testing.T) {
	t.Parallel()
	for want, labels := range map[role][]string{
		accept: {
			"Accepta-les totes", "Accepta", "přijmout vše", "Tillad alle", "Alle akzeptieren", "Das ist ok", "Accept all", "That's ok", "Aceptar todas", "De acuerdo", "Hyväksy",
			"Accepter tout", "C'est bon.", "De acordo", "Mind elfogad", "Elfogad", "Accettare tutti", "Va bene così", "Accepteer alle", "Dat is oké", "Godtar alle", "Zaakceptuj wszystkie",
			"Aceitar todos", "Aceito.", "Принять всё", "Принять", "Acceptera alla", "تقبل كل شيء", "قبول كل شيء", "ОК, приемам всички", "Разреши всички", "OK, acceptar totes", "Permet totes les galetes",
			"好的，全部接受", "允许", "OK, přijmout vše", "Povolit všechny soubory cookie", "OK, accepter alle", "Erlaube alle Cookies", "OK, αποδοχή όλων", "OK, accept all", "Allow all cookies",
			"OK, aceptar todas", "Permitir todas las cookies", "OK, nõustu kõigiga", "Luba kõik küpsised", "OK, hyväksy kaikki", "Hyväksy kaikki evästeet", "Tout accepter", "U redu, prihvati sve",
			"Dopusti sve kolačiće", "OK, elfogadom", "Elfogadom az összeset", "Ok, accetta tutto", "Consenti tutti i cookie", "全てに同意する", "すべてのクッキーを許可する", "모두 수락", "모두 허용",
			"Alles akzeptéieren", "Gerai, priimu visus", "Leisti visus slapukus", "Pieņemt visu", "Pieņemt visas", "OK, accepteer alle", "Sta alle cookies toe", "OK, akceptuję wszystko",
			"Zezwól na wszystkie pliki cookies", "OK, aceitar tudo", "Permite todos os cookies", "OK, acceptați-le pe toate", "Permiteți toate cookie-urile", "Ок, все активировать",
			"Разрешить использование cookies", "OK, acceptera allt", "Tillåt alla cookie", "OK, prijať všetko", "Povoľte všetky súbory cookie", "OK, prano të gjitha", "Lejo të gjitha cookies",
			"evet, her şeyi kabul edin", "Tüm çerezlere izin verin", "Прийняти все", "Все прийняти", "OK, đồng ý", "Cho phép tất cả các Cookies", "Akzeptieren", "Alle Einstellungen akzeptieren",
			"Accept all apps", "Nõustu", "Nõustu kõigi rakendustega", "Hyväksyä kaikki", "Fogadj el mindent", "Accetto", "Akseptere", "Godta alt", "Aanvaarden", "Alles aanvaarden", "Accepta totul",
			"Agree and continue", "Select all and continue", "同意する", "全部接受", "接受所有 Cookie", "동의합니다", "Принять все файлы cookie", "Прихватам све", "Prihvatam sve", "קבל הכל", "אישור הכל", "ยอมรับทั้งหมด", "Terima semua", "Chấp nhận tất cả",
		},
		reject: {
			"Rebutja", "Afvis", "Ich lehne ab", "Απόρριπτω", "I decline", "Descartar todas", "Hylkää", "Je refuse", "Odbij", "Elutasít", "Rifiuto", "Ik weiger", "Avslå", "Odmawiam", "Recusar", "Renunță",
			"Отклонить", "Одбиј", "Avböj", "Reddet", "我拒绝", "رفض كل شيء", "Забрани всички", "Denega totes les galetes", "禁用", "Odmítnout všechny cookies", "Afvis alle cookies", "Verbiete alle Cookies",
			"Deny all cookies", "Denegar todas las cookies", "Keela kõik küpsised", "Kiellä kaikki evästeet", "Tout refuser", "Odbij sve kolačiće", "Elutasítom", "Rifiuta tutti i cookie",
			"すべてのクッキーを拒否する", "모두 거부", "Alles verwerfen", "Atsisakyti visų slapukų", "Noraidīt visas", "Weiger alle cookies", "Zablokuj wszystkie pliki cookies", "Proíbe todos cookies",
			"Respinge toate cookie-urile", "Запретить использование cookies", "Neka alla cookies", "Odmietnuť všetky súbory cookie", "Refuzo të gjitha cookies", "Tüm çerezleri yasaklayın", "Все відхилити",
			"Từ chối tất cả cookies", "Alle Einstellungen ablehnen", "Decline all apps", "Rechazar todas las apps", "Keeldu", "Keela kõik rakendused", "Elvet", "Elutasít minden", "Afwijzen", "Refuză toate",
			"Tacka nej till alla", "Continue with technically required cookies only", "全部拒绝", "拒绝所有", "거부", "Отклонить все", "Только необходимые", "Одбиј све", "דחה הכל", "ปฏิเสธทั้งหมด", "Tolak semua", "仅必要",
		},
		save: {
			"Accepta les escollides", "Desa", "přijmout vybrané", "uložit", "Tillad udvalgte", "Gem", "Ausgewählte akzeptieren", "Speichern", "Αποθήκευση", "Accept selected", "Save", "Aceptar seleccionadas",
			"Guardar", "Tallenna", "Accepter sélectionné", "Enregistrer", "Gardar", "Spremi", "Kiválasztottat elfogad", "Mentés", "Accettare selezionato", "Salva", "Geselecteerde", "Opslaan", "Godtar valgt",
			"Zaakceptuj wybrane", "Zapisz", "Aceitar selecionados", "Salvar", "Salvează", "Принять выбранные", "Сохранить", "Sačuvaj", "Сачувај", "Acceptera markerat", "Spara", "Kaydet", "接受选择",
			"Save selection and continue", "Salvesta", "Sauvegarder", "保存", "저장", "حفظ",
		},
		settings: {
			"Lassen Sie mich wählen", "Let me choose", "Quiero elegir", "Laissez-moi choisir", "Quero elixir", "Lasciatemi scegliere", "Laat me kiezen", "Pozwól mi wybrać", "Deixe-me escolher", "Настроить",
			"让我来选", "تخصيص", "Ще избирам", "Personalitzar", "个性化", "Přizpůsobit", "Tilpas", "Personalisieren", "Εξατομίκευση", "Personalize", "Personalizar", "Isikupärasta", "Personoi", "Personnaliser",
			"Personaliziraj", "Beállítások", "カスタマイズする", "설정 변경", "Personaliséieren", "Suasmeninkite", "Pielāgot", "Personaliseer", "Personalizacja", "Personalizați", "Персонализировать",
			"Personifiera", "Prispôsobiť", "Personalizo", "kişiselleştirmek", "Налаштувати", "Konfigurieren", "Configure", "Seadistada", "Konfiguroida", "Configurer", "Konfigurálni", "Configurare", "Konfigurere",
			"Configureren", "Configurați", "Konfigurera", "管理 Cookie", "Cookie 设置", "설정", "Настройки файлов cookie", "Подешавања", "הגדרות", "ตั้งค่า", "Pengaturan", "Tùy chỉnh",
		},
		closes: {"اغلاق", "Затвори", "Tancar", "关闭", "Zavřít", "Luk", "Schließen", "Κλείσιμο", "Close", "Cerrar", "Sulge", "Sulje", "Fermer", "Zatvori", "Bezár", "Chiudi", "閉じる", "닫기", "Zoumaachen", "Uždaryti", "Aizvērt", "Sluit", "zamknij", "Fechar", "Închide", "Закрыть", "Stänga", "Zatvoriť", "Mbyll", "kapat", "Закрити", "Đóng"},
	} {
		for _, label := range labels {
			if got := labelRole(label); got != want {
				t.Errorf("%s: %s, want %s", label, got, want)
			}
		}
	}
}
