package policy

import "strings"

// markLists marks the items of lists whose items all begin with what may be a
// name and one with what surely is: a plain word there is a name as well.
func markLists(list []block) {
	for i := 0; i < len(list); {
		j := i
		names, strong := 0, false
		for j < len(list) && list[j].kind == item && list[j].level == list[i].level {
			s := leadStrength(&list[j])
			if s >= weakName {
				names++
			}
			strong = strong || s == strongName
			j++
		}
		if strong && names == j-i {
			for k := i; k < j; k++ {
				list[k].listed = true
			}
		}
		i = max(j, i+1)
	}
}

// leadStrength judges the one word that stands in front of the text of an item;
// notName where there is none.
func leadStrength(b *block) strength {
	text := clip(unbullet(b.text), 200)
	cut := len(text)
	for _, s := range separators {
		if i := strings.Index(text, s); i > 0 {
			cut = min(cut, i)
		}
	}
	lead := strings.Trim(text[:cut], " :\"'“”„«»")
	if labelClass(lead).found || labelKind(lead) != noField {
		return notName
	}
	return strengthOf(lead)
}
