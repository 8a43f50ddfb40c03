package policy

import "strings"

// languageOf returns the language that the page declares, or the one whose
// small words are most frequent; "" where too few are.
func languageOf(declared, text string) string {
	if tag := strings.TrimSpace(declared); tag != "" && len(tag) <= 20 {
		return strings.ReplaceAll(tag, "_", "-")
	}
	counts := map[string]int{}
	for _, w := range strings.Fields(strings.ToLower(clip(text, 40_000))) {
		for _, language := range smallWords[strings.Trim(w, ".,;:()\"")] {
			counts[language]++
		}
	}
	best, most := "", 4
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
	{"fr", "le les des et vous nous votre est une sur dans pour que ce ces sont"},
	{"es", "el los las y usted su es una para que con del por estas este se"},
	{"it", "il gli di e che è una per con del della sono questo questa nostro"},
	{"nl", "de het een en van wij u uw is niet met deze op voor worden wordt"},
	{"pl", "i w na z się nie że do jest oraz są przez dla plików"},
	{"pt", "o os as e do da dos uma para que com não é são seu estes"},
	{"sv", "och att det som på är för av inte vi din ditt denna dessa"},
	{"da", "og at det som på er for af ikke vi din dit denne disse til"},
	{"fi", "ja on ei se että tämä ovat voit sivuston evästeet evästeitä kun sekä"},
	{"hu", "a az és hogy nem is egy ez vagy az oldal sütik sütiket azok amelyek"},
	{"cs", "a na je že se v pro které nebo jsou tyto soubory vaše není"},
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
