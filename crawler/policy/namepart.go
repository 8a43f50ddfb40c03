package policy

import (
	"strings"
	"unicode"
)

// onePart reads one part of a split cell: a name, several names in a row, or a
// name with words behind it.
func onePart(part string, least strength) []string {
	part = strings.TrimSpace(part)
	if part == "" {
		return nil
	}
	fields := strings.Fields(part)
	if last := len(fields) - 1; last > 0 && strings.Trim(fields[last], "*⁎†‡") == "" && !strings.HasSuffix(fields[last-1], "_") {
		fields = fields[:last] // a footnote mark that stands apart
		part = strings.Join(fields, " ")
	}
	if len(fields) == 1 {
		return slashed(part, least)
	}
	var all []string
	for _, f := range fields {
		if strengthOf(f) < likelyName {
			all = nil
			break
		}
		all = append(all, canonicalName(f))
	}
	if len(all) > 0 && (strengthOf(fields[0]) == strongName || strengthOf(fields[len(fields)-1]) == strongName) {
		return all
	}
	if strengthOf(fields[0]) == strongName && len(fields) <= 5 && !isLegalForm(fields[len(fields)-1]) {
		all = slashed(fields[0], least)
		for _, f := range fields[1:] {
			if strengthOf(f) != strongName {
				break
			}
			all = append(all, canonicalName(f))
		}
		return all
	}
	if first := fold(fields[0]); cookieStems.begin(first) && len(fields) == 2 && !labelClass(part).found && !isTitle(fields) {
		if len(first) > 12 {
			least = likelyName // a compound: "evästevalinnan tallennus"
		}
		return slashed(fields[1], least)
	}
	if cookieStems.begin(fold(fields[1])) && len(fields) == 2 && strengthOf(fields[0]) >= likelyName && !labelClass(part).found {
		return slashed(fields[0], least)
	}
	return nil
}

// isTitle reports whether words are a title in capitals ("COOKIE POLICY").
func isTitle(fields []string) bool {
	for _, f := range fields {
		if strings.IndexFunc(f, func(r rune) bool { return !unicode.IsUpper(r) }) >= 0 {
			return false
		}
	}
	return true
}

// slashed splits "_ga/_gid" but not a name that holds an address.
func slashed(s string, least strength) []string {
	if strings.Contains(s, "/") && !strings.Contains(s, "://") {
		parts := strings.Split(s, "/")
		ok := true
		for _, p := range parts {
			ok = ok && strengthOf(p) >= likelyName
		}
		if ok {
			out := make([]string, len(parts))
			for i, p := range parts {
				out[i] = canonicalName(p)
			}
			return out
		}
	}
	if each := lettered(s); each != nil {
		return each
	}
	if strengthOf(s) < least {
		return nil
	}
	return []string{canonicalName(s)}
}

// lettered reads names that differ in their last letter ("__utma/b/c/z").
func lettered(s string) []string {
	parts := strings.Split(s, "/")
	first := parts[0]
	if len(parts) < 2 || len(parts) > 12 || len(first) < 3 || strengthOf(first) != strongName || !isASCII(first) {
		return nil
	}
	out := []string{canonicalName(first)}
	for _, p := range parts[1:] {
		if len(p) != 1 || !isLetter(p[0]) {
			return nil
		}
		out = append(out, canonicalName(first[:len(first)-1]+p))
	}
	return out
}

func isLetter(c byte) bool {
	c = lower(c)
	return c >= 'a' && c <= 'z'
}
