package policy

import (
	"strings"
	"unicode"
)

// languageOf returns the language that the page declares, or the one whose
// small words are most frequent; "" where too few are.
func languageOf(declared, text string) string {
	if tag := strings.TrimSpace(declared); tag != "" && len(tag) <= 20 {
		return strings.ReplaceAll(tag, "_", "-")
	}
	if tag := scriptLanguage(clip(text, 40_000)); tag != "" {
		return tag
	}
	counts := map[string]int{}
	for _, w := range strings.Fields(strings.ToLower(clip(text, 40_000))) {
		for _, language := range smallWords[strings.Trim(w, ".,;:()\"")] {
			counts[language]++
		}
	}
	best, most := "", 3
	for _, language := range languages {
		if counts[language.tag] > most {
			best, most = language.tag, counts[language.tag]
		}
	}
	return best
}

// languages lists small words that tell a language from its neighbours.
var languages = []struct {
	tag   string
	words string
}{
	{"en", "the of and to you your is this that we our by with are"},
	{"de", "der die das und ist nicht wir sie ihre von mit auf werden wird eine einen diese"},
	{"fr", "de la du au le les des et vous nous votre est une sur dans pour que ce ces sont"},
	{"es", "de la en del el los las y usted su es una para que con por estas este se"},
	{"it", "il gli di e che è una per con del della sono questo questa nostro"},
	{"nl", "de het een en van wij u uw is niet met deze op voor worden wordt"},
	{"pl", "i w na z się nie że do jest oraz są przez dla plików"},
	{"pt", "de em o os as e do da dos uma para que com não é são seu estes"},
	{"sv", "i kakor webbplatsen och att det som på är för av inte vi din ditt denna dessa"},
	{"da", "og at det som på er for af ikke vi din dit denne disse til"},
	{"fi", "ja on ei se että tämä ovat voit sivuston evästeet evästeitä kun sekä"},
	{"hu", "a az és hogy nem is egy ez vagy az oldal sütik sütiket azok amelyek"},
	{"cs", "a na je že se v pro které nebo jsou tyto soubory vaše není souborů při také našich"},
	{"sk", "a na je že sa v pre ktoré alebo sú tieto súbory súborov vaše nie pri tiež"},
	{"ro", "și în care pe cu sunt este nu pentru sau din prin dumneavoastră acest aceste după prin dvs până durată scop nume de la"},
	{"ca", "els les de la i amb per que és una del dels aquesta aquest galetes galeta nom"},
	{"ga", "agus an na is ar do le go bhfuil seo suíomh fianáin fianán maidir leis"},
	{"hr", "i na je da se u koje ili su ovaj ove kolačiće kolačići ne za vaše također kako"},
	{"sl", "in na je da se v ki ali so ta te piškotke piškotki ne za vaše tudi kako"},
	{"nb", "og at det som på er for av ikke vi din ditt denne disse til informasjonskapsler nettstedet"},
	{"et", "ja on ei see et mis või küpsised küpsiseid teie meie kui"},
	{"lt", "ir yra ne tai kad kurie arba slapukai slapukus jūsų mūsų kai"},
	{"lv", "un ir ne tas ka kas vai sīkdatnes sīkdatņu jūsu mūsu kad"},
	{"tr", "ve bir bu için ile çerez çerezler çerezleri olarak veya daha tarafından sitemizi"},
	{"el", "και το τα της του στο να με για που είναι από τον την"},
	{"bg", "и на за да се от с не като тези нашия сайт бисквитки бисквитките са при ни"},
	{"uk", "і та на за що не це ви ми як для або файли які є до ваш"},
	{"ru", "и на за что не это вы мы как для или файлы которые вы до ваш"},
}

// scripts are the languages that a script of its own tells, once so many of a
// text's letters are of it.
var scripts = []struct {
	tag   string
	table *unicode.RangeTable
}{
	{"ja", unicode.Hiragana}, {"ja", unicode.Katakana}, {"ko", unicode.Hangul}, {"zh", unicode.Han}, {"el", unicode.Greek}, {"he", unicode.Hebrew}, {"ar", unicode.Arabic}, {"th", unicode.Thai},
}

// scriptLanguage is the language of a text whose script leaves no choice: a tenth
// of its letters, since tables of cookies are full of Latin names.
func scriptLanguage(text string) string {
	letters, of := 0, make([]int, len(scripts))
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		for i, s := range scripts {
			if r >= 0x370 && unicode.Is(s.table, r) {
				of[i]++
			}
		}
	}
	for i, s := range scripts {
		if of[i]*10 > letters {
			return s.tag
		}
	}
	return ""
}

// smallWords maps each word to the languages that use it.
var smallWords = func() map[string][]string {
	m := map[string][]string{}
	for _, l := range languages {
		for w := range strings.FieldsSeq(l.words) {
			m[w] = append(m[w], l.tag)
		}
	}
	return m
}()

// isUkrainian reports whether a document is in Ukrainian: by its declared or
// guessed language, or by letters that Bulgarian, Macedonian and Russian lack,
// since many pages declare the language of their template.
func isUkrainian(language, text string) bool {
	if strings.HasPrefix(strings.ToLower(language), "uk") {
		return true
	}
	own, foreign := 0, 0
	for _, r := range clip(text, 40_000) {
		switch r {
		case 'і', 'ї', 'є', 'ґ':
			own++
		case 'ъ', 'ы', 'э', 'ѓ', 'ќ', 'ѕ':
			foreign++
		}
	}
	return own > 2 && own > foreign
}
