package browser

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// unseen says why a page that came shows nothing of the site, or "".
func (v *Visit) unseen(ctx context.Context) string {
	var shown struct {
		Empty bool   `json:"empty"`
		Title string `json:"title"`
		Text  string `json:"text"`
	}
	// The text of a large page takes a layout to read, and is none of these.
	const ask = `({empty: !document.body || (document.body.childElementCount === 0 && document.body.textContent.trim() === ""),
		title: document.title.slice(0, 300),
		text: document.body && document.getElementsByTagName("*").length < 300 ? document.body.innerText.slice(0, 2000) : "large"})`
	switch err := v.Top().Eval(ctx, ask, &shown); {
	case err != nil:
		return "" // whether a page answers is found where it is read
	case shown.Empty:
		return "the page is empty: no element and no text in its body"
	}
	if shown.Text == "large" {
		return ""
	}
	if words := robotCheck(shown.Title + "\n" + shown.Text); words != "" {
		return fmt.Sprintf("a check for robots stands before the page (%q)", words)
	}
	return ""
}

// longestWall is how much text a check for robots has at most, in runes: a page
// that only speaks of such checks has more.
const longestWall = 700

// robotCheck returns the words by which a short text is that of a check for
// robots, which many sites answer with HTTP 200, or "".
func robotCheck(text string) string {
	if utf8.RuneCountInString(text) > longestWall {
		return ""
	}
	text = strings.ToLower(strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "’", "'"))
	for _, words := range [...]string{
		"checking your browser", "checking if the site connection is secure", "verify you are human", "verify that you are human", "verifying you are human",
		"verify you are not a robot", "are you a robot", "are you human", "unusual traffic", "complete the captcha", "security check to access",
		"enable javascript and cookies to continue", "review the security of your connection", "performing security verification", "pardon our interruption",
		"press & hold to confirm", "access to this page has been denied",
		"browser wird überprüft", "überprüfung ihres browsers", "sind sie ein mensch", "sind sie ein roboter", "dass sie ein mensch sind", "dass sie kein roboter sind", "ungewöhnlicher datenverkehr", "ungewöhnlichen datenverkehr",
		"vérification de votre navigateur", "que vous êtes humain", "que vous êtes un humain", "êtes-vous un robot", "que vous n'êtes pas un robot", "trafic inhabituel",
		"comprobando su navegador", "verifica que eres humano", "que es un ser humano", "que eres un ser humano", "que no eres un robot", "que no es un robot", "tráfico inusual",
		"verifica del browser", "verifica di essere umano", "che sei umano", "che non sei un robot", "traffico insolito", "traffico anomalo",
		"browser wordt gecontroleerd", "dat u een mens bent", "dat je een mens bent", "bent u een robot", "geen robot bent", "ongebruikelijk verkeer",
		"że jesteś człowiekiem", "że nie jesteś robotem", "nietypowy ruch",
		"verificando seu navegador", "que você é humano", "que não é um robô", "que não é um robot", "tráfego incomum",
		"att du är människa", "att du inte är en robot", "at du er et menneske", "at du ikke er en robot", "että olet ihminen", "ettet ole robotti", "že jste člověk", "že nejste robot",
	} {
		if strings.Contains(text, words) {
			return words
		}
	}
	return ""
}
