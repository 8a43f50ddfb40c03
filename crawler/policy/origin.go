package policy

import (
	"regexp"
	"strings"

	"cookieaudit/crawler/evidence"
)

// bracketIn is the first bracket of a text.
var bracketIn = regexp.MustCompile(`\(([^()]*)\)`)

// origin finds the host and the provider of a name.
func (in *interpreter) origin(r *record, ref nameRef) (host, provider string) {
	var hosts []string
	for _, f := range r.fields {
		if f.kind != hostField && f.kind != providerField {
			continue
		}
		found, rest := hostsIn(f.text)
		for _, h := range found {
			hosts = appendNew(hosts, h)
		}
		if len(found) > 0 {
			in.because("host", f.where(), f.text)
		}
		if f.kind == providerField && provider == "" {
			provider = cleanProvider(rest)
			if len(found) > 0 && isLegalForm(rest) {
				provider = squeeze(f.text) // a company that is called after its domain
			}
			if first, _, more := strings.Cut(f.text, "\n"); more && hostOf(first) == "" {
				// Links to a provider's policy stand below its name.
				provider = cleanProvider(first)
			}
			if provider != "" {
				in.because("provider", f.where(), f.text)
			}
		}
	}
	if len(hosts) == 0 {
		if hosts, _ = hostsIn(ref.note); len(hosts) > 0 {
			in.because("host", fromBracket, ref.note)
		}
	}
	if m := bracketIn.FindStringSubmatch(clip(r.text(typeField), 200)); len(hosts) == 0 && m != nil {
		if hosts, _ = hostsIn(m[1]); len(hosts) > 0 { // "Third-party cookie (youtube.com), advertising"
			in.because("host", fromBracket, m[1])
		}
	}
	if len(hosts) == 0 {
		if hosts = hostsInProse(r.text(purposeField)); len(hosts) > 0 {
			in.because("host", fromPurpose, r.text(purposeField))
		}
	}
	if m := bracketAtEnd(clip(r.group, 200)); len(hosts) == 0 && m != nil {
		if hosts, _ = hostsIn(m[2]); len(hosts) > 0 { // "LinkedIn (.linkedin.com)"
			in.because("host", fromHeading, r.group)
		}
	}
	if len(hosts) == 0 {
		if hosts = headingHost(r.path); len(hosts) > 0 {
			in.because("host", fromHeading, hosts[0])
		}
	}
	if provider == "" {
		provider = in.impliedProvider(r, ref)
	}
	if provider == "" && len(hosts) > 0 && r.has(providerField) && cleanProvider(r.text(providerField)) != "" {
		provider = cleanProvider(r.text(providerField))
		in.because("provider", "beside the host", provider)
	}
	return clip(strings.Join(hosts, " "), 1000), clip(provider, 200)
}

// headingHost is the host that one of the two nearest headings is and nothing
// else.
func headingHost(path []entry) []string {
	for i := len(path) - 1; i >= max(0, len(path)-2); i-- {
		if host := hostOf(strings.TrimRight(path[i].text, ": ")); host != "" {
			return []string{host}
		}
	}
	return nil
}

// impliedProvider is the organisation that the surroundings name: the heading
// row of the table, the bracket behind the name, the purpose text, the heading
// of a service.
func (in *interpreter) impliedProvider(r *record, ref nameRef) string {
	if r.group != "" && !labelClass(r.group).found && !mentionsCookies(r.group) {
		in.because("provider", fromHeading, r.group)
		if verb, owner, found := strings.Cut(r.group, " by "); found && !strings.Contains(verb, " ") {
			return squeeze(owner) // "Initiated by Nile Analytics"
		}
		return squeeze(r.group)
	}
	if p := noteProvider(ref.note); p != "" {
		in.because("provider", fromBracket, ref.note)
		return p
	}
	if p := proseProvider(r.text(purposeField)); p != "" {
		in.because("provider", fromPurpose, r.text(purposeField))
		return p
	}
	if len(r.path) > 0 {
		p := serviceHeading(r)
		in.because("provider", fromHeading, p)
		return p
	}
	return ""
}

// storage finds the kind of storage.
func (in *interpreter) storage(r *record, ref nameRef) evidence.StorageKind {
	if kind := storageOf(ref.note); kind != "" && !(kind == evidence.KindPixel && namesPixel(ref.note)) {
		in.because("storage", fromBracket, ref.note)
		return kind
	}
	for _, want := range []fieldKind{storageField, typeField, lifetimeField, categoryField} {
		for _, f := range r.fields {
			if f.kind != want {
				continue
			}
			if kind := storageOf(f.text); kind != "" {
				in.because("storage", f.where(), f.text)
				return kind
			}
		}
	}
	if r.group != "" {
		if kind := storageOf(r.group); kind != "" {
			in.because("storage", fromHeading, r.group)
			return kind
		}
	}
	if kind := sectionStorage(r.path); kind != "" {
		in.because("storage", fromHeading, r.section())
		return kind
	}
	if kind := storedIn(r.text(purposeField), ref.name); kind != "" {
		in.because("storage", fromPurpose, r.text(purposeField))
		return kind
	}
	if r.stored != "" {
		in.because("storage", "in a sentence above", string(r.stored))
		return r.stored
	}
	in.because("storage", "nowhere stated", "cookie")
	return evidence.KindCookie
}
