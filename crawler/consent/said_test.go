package consent

import "testing"

func TestPlainWord(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"ja": "yes", "nein": "no", "Ja": "yes", "oui": "yes", "non": "no", "yes": "yes", "no": "no", "sí": "yes", "tak": "yes", "nie": "no", "да": "yes", "нет": "no",
		"accepted": "yes", "declined": "no", "granted": "yes", "denied": "no", "reject": "no", "%22ja%22": "yes",
		"1": "", "0": "", "true": "", "false": "", "on": "", "off": "", "all": "", "none": "", "de": "", "en": "", "A": "", "": "", "GA1.1.2.3": "", "1767225600": "",
		"variant-b": "", "8f14e45fceea167a": "", "nein nein nein nein nein nein": "",
	} {
		got := ""
		if yes, ok := plainWord(value); ok {
			got = map[bool]string{true: "yes", false: "no"}[yes]
		}
		if got != want {
			t.Errorf("%q says %q, want %q", value, got, want)
		}
	}
}
