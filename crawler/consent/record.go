package consent

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A reading is what a piece of state says about consent.
type reading int

const (
	unread reading = iota
	granted
	refused
	// mixed grants some and refuses some.
	mixed
	// given grants if anything: "consent=1" may also only say that an answer
	// was given.
	given
)

func (r reading) String() string {
	return [...]string{"unreadable", "granted", "refused", "partly granted", "given"}[r]
}

// maxRecord bounds the records that are read, in bytes; browsers keep cookies up
// to 4 KiB.
const maxRecord = 8 << 10

// speaksOfConsent reports whether the name of a cookie or a storage entry says
// that it records consent.
func speaksOfConsent(name string) bool { return consentName.MatchString(name) }

var consentName = regexp.MustCompile(`(?i)ccpa|cmp|opt_?-?(in|out)|privacy|privacidad|datenschutz|tcf|klaro|tarteaucitron|orejime|didomi|axeptio|borlabs|cky|usercentrics|uc_(settings|user)|_iub|optanon|onetrust|eupub|osano|termly|cc_(cookie|accept)|tracking_?(choice|pref|consent)|hideban|accept|agree|notice_(gdpr_)?pref|` + wordsForConsent + `|` + wordsForCookies)

// What sites call consent and cookies in the names of their records, in the
// languages of words.yaml, as names are written: without accents and spaces.
const (
	wordsForConsent = `consent|consens|consimt|einwillig|zustimm|toestemming|samtyk|samtycke|suostumus|zgod[ay]|souhlas|suhlas|hozzajar|privol|soglas|suglasn|nousolek|piekrisan|sutikim`
	wordsForCookies = `cookie|rgpd|dsgvo|gdpr|rodo|koekje|kakor|evaste|ciastecz|ciastk|(^|[_.-])suti|kolacic|piskot|kupsis|sikdat|slapuk|cerez|galetes`
)

// isPlainAnswer reports whether an entry holds nothing but the word for an answer
// under a name that speaks of a choice, though of what is not said:
// choice=denied; or under the name of a purpose: ads=no. That it was written with
// the answer to the banner tells the rest.
func isPlainAnswer(name, value string) bool {
	value = decode(value)
	switch {
	case otherChoice.MatchString(name), plainReading(value) == unread:
		return false
	case choiceName.MatchString(name):
		return !isWeak(value)
	}
	return purposeName.MatchString(name)
}

var (
	choiceName = regexp.MustCompile(`(?i)choice|choose|chosen|decision|decided|answer|response|selection|status|state|pref|notice|banner|wall|layer|popup|overlay|permission|(aus)?wahl|choix|eleccion|scelta|keuze|wybor|volba|valinta|valasz|escolha`)
	// purposeName is the name of a purpose, whole or beside that of the site.
	purposeName = regexp.MustCompile(`(?i)(^|[_.-])(ads?|advertising|analytics|marketing|statisti(cs|ken?|ques|che|cas|k)|tracking|targeting|werbung)$`)
	// otherChoice are questions of other kinds, which a page may ask at the same time.
	otherChoice = regexp.MustCompile(`(?i)notif|push|geo|loca|newsletter|subscri|age|adult|login|auth|user|theme|lang|currency|terms|agb|install|app|pwa|camera|micro|sound|video|survey|feedback|chat`)
)

// A record is read leaf by leaf; a leaf is a key and what it says.
type leaves struct {
	known     bool // keys are services or purposes, whatever their name
	whole     bool // the record is one word
	yes, no   int
	weighty   int // granted purposes that a refusal must not leave on
	weightyNo int
	hints     int
	empty     int // lists that could hold what was accepted, and are empty
}

// readRecord reads the value of a cookie or storage entry whose name speaks of
// consent: TCF strings, JSON, lists of pairs or a single word, plain, URL- or
// base64-encoded.
func readRecord(name, value string) reading {
	value = decode(value)
	if r, ok := readTCString(value); ok {
		return r
	}
	if r, ok := readNumbered(name, value); ok {
		return r
	}
	l := leaves{known: serviceKeys.MatchString(name)}
	var v any
	if json.Unmarshal([]byte(value), &v) == nil {
		switch v.(type) {
		case map[string]any, []any:
			l.walk(name, v, 0)
			return l.reading()
		}
	}
	l.pairs(name, value)
	return l.reading()
}

var (
	serviceKeys = regexp.MustCompile(`(?i)^(klaro|tarteaucitron|orejime|eu-consent|_tracking_consent)$`)
	// purposeKey names purposes and decisions; weightyKey those among them that
	// nobody needs.
	purposeKey = regexp.MustCompile(`(?i)accept|allow|agree|opt_?-?in\b|analy|statist|marketing|advert|(\b|_)ads?(\b|_)|ad_|ads_|perform|target|social|personal|preference|functional|track|media|measure|audience|third|grant|approv|publicit|werbung|c000[2-9]|` + wordsForConsent)
	cookieKey  = regexp.MustCompile(`(?i)` + wordsForCookies)
	weightyKey = regexp.MustCompile(`(?i)analy|statist|marketing|advert|(\b|_)ads?(\b|_)|ad_|ads_|perform|target|social|track|audience|publicit|werbung|c000[2-5]`)
	// Complianz calls what it never asks about functional.
	necessaryKey = regexp.MustCompile(`(?i)necessar|essential|required|strict|mandatory|notwendig|technical|security|c0001|^cmplz_functional$`)
	inverseKey   = regexp.MustCompile(`(?i)reject|refus|denied|deny|declin|opt_?-?out|disagree|block|do_?not`)
	// metaKey names what managers note beside the choices; noticeKey the banner's
	// own coming and going, which also stands in names of decisions
	// ("cookie_notice_accepted", decisionKey). rfc_cookie is how Cookie Consent 2
	// wrote its own record.
	metaKey     = regexp.MustCompile(`(?i)^rfc_|gpc|applies|version|interact|awaiting|id$|date|time|stamp|expir|region|country|lang|url|path|revision|method|domain|hash|iab|count|length|test|support|check|loaded|ready|required`)
	noticeKey   = regexp.MustCompile(`(?i)action|show|seen|hide|hidden|close|dismiss|view|display|asked|visible|banner|popup|notice|bar\b|modal|dirty|confirmed|level$|type$|enabled$`)
	decisionKey = regexp.MustCompile(`(?i)accept|agree|allow|consent$|analy|marketing|statist`)
	// listName names a record that lists what was accepted, and nothing else.
	listName = regexp.MustCompile(`(?i)categor|purposes|accepted_?(cookies|groups|types|levels)|consent_?(groups|types|levels)|cookie_?(groups|types|levels)`)
	groupKey = regexp.MustCompile(`(?i)purpose|categor|service|vendor|group|choice|consents|preferences|settings|levels|cookies|accept|enabled|allowed|granted`)
)

// decode undoes URL encoding, up to three times, and base64 that holds text.
func decode(v string) string {
	for range 3 {
		u, err := url.PathUnescape(v)
		if err != nil || u == v {
			break
		}
		v = u
	}
	v = strings.Trim(strings.TrimSpace(v), `"`)
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		b, err := enc.DecodeString(strings.TrimRight(v, "="))
		if err == nil && len(b) >= 8 && utf8.Valid(b) && strings.ContainsAny(string(b), `{[:=`) && !strings.ContainsFunc(string(b), unicode.IsControl) {
			return string(b)
		}
	}
	return v
}

// readTCString reads the purposes in a TCF version 2 string: 24 bits from bit
// 152 of the core segment (IAB TCF technical specification, "the core string").
func readTCString(v string) (reading, bool) {
	core, _, _ := strings.Cut(v, ".")
	if len(core) < 36 || core[0] != 'C' { // version 2 in the first six bits
		return unread, false
	}
	b, err := base64.RawURLEncoding.DecodeString(core[:36])
	if err != nil {
		return unread, false
	}
	purposes := b[19:22]
	switch {
	case purposes[0] == 0 && purposes[1] == 0 && purposes[2] == 0:
		return refused, true
	case purposes[0] == 0xff && purposes[1]&0xc0 == 0xc0: // purposes 1 to 10
		return granted, true
	}
	return mixed, true
}

// walk reads a JSON value.
func (l *leaves) walk(key string, v any, depth int) {
	if depth > 8 {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		if groupKey.MatchString(key) && onlyNecessary(v) {
			l.no++
			return
		}
		for k, x := range v {
			if groupKey.MatchString(key) && depth > 0 {
				sub := leaves{known: true}
				sub.walk(k, x, depth+1)
				l.add(sub)
				continue
			}
			l.walk(k, x, depth+1)
		}
	case []any:
		l.list(key, v)
	case string:
		if strings.HasPrefix(v, "{") {
			var inner any
			if json.Unmarshal([]byte(v), &inner) == nil {
				l.walk(key, inner, depth+1)
			}
			return
		}
		l.leaf(key, v)
	case bool:
		l.leaf(key, strconv.FormatBool(v))
	case float64:
		if v == 0 || v == 1 {
			l.leaf(key, strconv.Itoa(int(v)))
		}
	}
}

func (l *leaves) add(o leaves) {
	l.yes += o.yes
	l.no += o.no
	l.weighty += o.weighty
	l.weightyNo += o.weightyNo
	l.hints += o.hints
	l.empty += o.empty
}

// onlyNecessary reports whether an object lists, by class, what was accepted, and
// has nothing but the class that nobody can refuse.
func onlyNecessary(classes map[string]any) bool {
	for k, v := range classes {
		if list, ok := v.([]any); !ok || len(list) == 0 || !necessaryKey.MatchString(k) {
			return false
		}
	}
	return len(classes) > 0
}

// list reads an array of the purposes that were accepted or rejected, or of the
// services of one purpose that were.
func (l *leaves) list(key string, items []any) {
	optional := 0
	for _, x := range items {
		if s, ok := x.(string); ok && !necessaryKey.MatchString(s) {
			optional++
		}
	}
	switch {
	case inverseKey.MatchString(key):
		if optional > 0 {
			l.no++
		}
	case necessaryKey.MatchString(key), !groupKey.MatchString(key) && !weightyKey.MatchString(key):
	case optional > 0:
		l.yes++
		l.weighty++
	case len(items) == 0: // nothing was accepted, or there is nothing of this kind
		l.empty++
	default: // only the necessary ones
		l.no++
	}
}

// pairs reads "key:value" and "key=value" lists and single words.
func (l *leaves) pairs(name, value string) {
	parts := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("&;,|{}!\n[]", r) })
	if listName.MatchString(name) && !strings.ContainsAny(value, ":=") && wordReading(value) == unread {
		l.list(name, anyOf(parts[:min(len(parts), 200)]))
		return
	}
	for _, part := range parts[:min(len(parts), 200)] {
		part = strings.TrimSpace(part)
		if i := strings.LastIndexAny(part, ":="); i >= 0 {
			l.leaf(strings.Trim(part[:i], `"' `), strings.Trim(part[i+1:], `"' `))
			continue
		}
		if len(parts) == 1 {
			word := decision(strings.Trim(part, `"' `))
			l.whole = true
			l.says(name, word, plainReading(word))
		}
	}
}

func anyOf(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

// leaf reads one key and its value.
func (l *leaves) leaf(key, value string) {
	l.says(key, value, wordReading(value))
}

// says notes what is said of one key.
func (l *leaves) says(key, value string, said reading) {
	weak := isWeak(value)
	inverse := inverseKey.MatchString(key)
	switch {
	case said == unread || necessaryKey.MatchString(key):
		return
	case !weak: // "rejected" speaks for itself
	case inverse && said == granted:
		said = refused
	case inverse:
		return
	case l.known: // "counter" and "ad-show" are services here
	case metaKey.MatchString(key), noticeKey.MatchString(key) && !decisionKey.MatchString(key):
		return
	case weightyKey.MatchString(key):
	case purposeKey.MatchString(key) && (said == refused || value != "1"):
	case l.whole && said == refused && value != "0" && cookieKey.MatchString(key): // cookies=no
	case said == granted && (purposeKey.MatchString(key) || speaksOfConsent(key)):
		l.hints++
		return
	default:
		return
	}
	if said == granted {
		l.yes++
		if weightyKey.MatchString(key) || l.known || !weak {
			l.weighty++
		}
		return
	}
	l.no++
	if weightyKey.MatchString(key) {
		l.weightyNo++
	}
}

// reading sums the leaves up.
func (l *leaves) reading() reading {
	switch {
	case l.yes == 0 && l.no == 0 && l.hints == 0:
		if l.empty > 0 {
			return refused
		}
		return unread
	case l.no == 0 && l.yes > 0:
		return granted
	case l.no == 0:
		return given
	case l.yes == 0:
		return refused
	case l.weighty == 0 && l.weightyNo > 0:
		// Preferences may stay on; what nobody needs is off.
		return refused
	}
	return mixed
}
