package policy

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

var (
	mdImage    = regexp.MustCompile(`!\[([^\]\n]*)\]\([^()\n]*\)`)
	mdLink     = regexp.MustCompile(`\[((?:[^\[\]\n]|\\[\[\]]|\[[^\[\]\n]*\])+)\]\((?:[^()\n\\]|\\.|\([^()\n]*\))*\)`)
	mdAutolink = regexp.MustCompile(`<((?:https?://|mailto:)[^<>\s]+)>`)
	mdBreak    = regexp.MustCompile(`(?i)\s*<br\s*/?>\s*`)
	mdTag      = regexp.MustCompile(`(?i)</?(?:a|b|strong|em|i|u|span|p|div|sup|sub|code|kbd|small|font|li|ul|ol|img|input|button|label|table|tbody|thead|tr|td|th|h[1-6]|section|details|summary|center|wbr|s|del|ins|mark|abbr)(?:\s[^<>]*)?/?>`)
	mdBold     = regexp.MustCompile(`\*{2,3}[^*\n\s](?:[^*\n]|\*[^*\n]+\*)*\*{2,3}`)
	mdItalic   = regexp.MustCompile(`(^|[\s("“])\*([\pL\pN_][^*\n]*[\pL\pN.!?)_])\*($|[\s.,;:!?)"”])`)
	mdLowBold  = regexp.MustCompile(`(^|[\s(])__([^_\n\s][^_\n]*\s[^_\n]*[^_\n\s])__($|[\s.,;:!?)])`)
	mdLow      = regexp.MustCompile(`(^|[\s(])_([^_\n\s][^_\n]*\s[^_\n]*[^_\n\s])_($|[\s.,;:!?)])`)
	mdBoldCode = regexp.MustCompile("(?:__|\\*\\*)(`[^`\n]+`)(?:__|\\*\\*)")
	mdCode     = regexp.MustCompile("`+([^`\n]+)`+")
)

// inline takes the markup off a markdown text. lead is the emphasised text that
// begins it and code are the texts set as code. Underscores stay unless they
// embrace several words: names of cookies are full of them.
func inline(s string) (text, lead string, code []string) {
	if len(s) > longestLine || !strings.ContainsAny(s, "*_`[<&\\!") {
		return s, "", nil
	}
	if strings.Contains(s, "<") {
		s = mdBreak.ReplaceAllString(s, "\n")
		s = mdAutolink.ReplaceAllString(s, "$1")
		s = mdTag.ReplaceAllString(s, "")
	}
	if strings.Contains(s, "](") {
		s = mdImage.ReplaceAllString(s, "$1")
		s = mdLink.ReplaceAllString(s, "$1")
	}
	if strings.Contains(s, "`") {
		s = mdBoldCode.ReplaceAllString(s, "$1")
	}
	lead = leadOf(strings.TrimSpace(s))
	if strings.Contains(s, "`") {
		for _, m := range mdCode.FindAllStringSubmatch(s, 200) {
			code = append(code, canonicalSpace(m[1]))
		}
		// No star of a code is a mark of emphasis.
		s = mdCode.ReplaceAllStringFunc(s, func(code string) string {
			return strings.ReplaceAll(strings.Trim(code, "`"), "*", `\*`)
		})
	}
	if strings.Contains(s, "*") {
		s = escapeStars(s)
		code = append(code, boldNames(s)...)
		s = mdBold.ReplaceAllStringFunc(s, unbold)
		s = mdItalic.ReplaceAllString(s, "$1$2$3")
		s = strings.ReplaceAll(s, "\x00", `*`)
	}
	if strings.Count(s, "_") > 1 && strings.ContainsAny(s, asciiSpace) {
		s = mdLowBold.ReplaceAllString(s, "$1$2$3")
		s = mdLow.ReplaceAllString(s, "$1$2$3")
	}
	s = unescapeMarkdown(s)
	if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	return s, lead, code
}

// boldNames are the bold texts behind the word for cookies that look like names.
func boldNames(s string) []string {
	if !strings.Contains(s, " **") {
		return nil
	}
	var out []string
	for _, at := range mdBold.FindAllStringSubmatchIndex(clip(s, 6000), 100) {
		if name := strings.Trim(s[at[0]:at[1]], "*"); nameBesideCookies(s[:at[0]], name) {
			out = append(out, canonicalSpace(name))
		}
	}
	return out
}

// unbold takes bold marks off a text that has letters in it; stars around
// anything else are placeholders, and so is a third on one side only.
func unbold(s string) string {
	if strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return s
	}
	if strings.HasPrefix(s, "***") && strings.HasSuffix(s, "***") {
		return s[3 : len(s)-3]
	}
	return s[2 : len(s)-2]
}

// escapeStars hides escaped stars from the patterns of emphasis.
func escapeStars(s string) string {
	return strings.ReplaceAll(s, `\*`, "\x00")
}

func canonicalSpace(s string) string {
	return squeeze(unescapeMarkdown(s))
}

// leadOf returns the emphasised text at the start of a markdown text.
func leadOf(s string) string {
	for _, mark := range []string{"**", "__", "``", "`", "*"} {
		rest, found := strings.CutPrefix(s, mark)
		if !found || rest == "" || rest[0] == ' ' || rest[0] == '*' {
			continue
		}
		// Two underscores may begin a name as well as bold text.
		end := strings.Index(escapeStars(rest), mark)
		if end < 1 || mark == "__" && !strings.Contains(rest[:end], " ") {
			continue
		}
		if strings.HasPrefix(mark, "`") {
			return canonicalSpace(rest[:end])
		}
		lead := squeeze(strings.Trim(unescapeMarkdown(rest[:end]), "*` "))
		if mark == "**" && strings.HasPrefix(rest[end:], "***") {
			lead += "*" // "**_ga_***"
		}
		return lead
	}
	return ""
}

// plainInline is inline for a text whose emphasis does not matter.
func plainInline(s string) string {
	text, _, _ := inline(s)
	return text
}
