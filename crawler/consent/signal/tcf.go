package signal

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// The kinds of segments that follow the core of a TC string.
const (
	disclosedVendors = 1
	allowedVendors   = 2
	publisherTC      = 3
)

// TCF decodes a TC string, version 2 (IAB Europe, "Transparency and Consent
// String with Global Vendor & CMP List Formats", version 2, "TC String Format").
func TCF(text string) (*evidence.TCF, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("read a TC string: %w", errTooLong)
	}
	segments := strings.Split(text, ".")
	t, err := tcfCore(segments[0])
	if err != nil {
		return nil, fmt.Errorf("read the core of a TC string: %w", err)
	}
	for _, s := range segments[1:] {
		if err := tcfSegment(t, s); err != nil {
			return nil, fmt.Errorf("read a segment of a TC string: %w", err)
		}
	}
	return t, nil
}

func tcfCore(text string) (*evidence.TCF, error) {
	b, err := newBits(text)
	if err != nil {
		return nil, err
	}
	t := &evidence.TCF{Version: b.number(6)}
	if b.err == nil && t.Version != 2 {
		return nil, fmt.Errorf("version %d is not known", t.Version)
	}
	t.Created, t.Updated = tcfTime(b.number(36)), tcfTime(b.number(36))
	t.CMPID, t.CMPVersion, t.ConsentScreen = b.number(12), b.number(12), b.number(6)
	t.Language = b.letters(2)
	t.VendorListVersion, t.PolicyVersion = b.number(12), b.number(6)
	t.ServiceSpecific, t.NonStandardTexts = b.flag(), b.flag()
	t.SpecialFeatures = b.set(12)
	t.PurposeConsents, t.PurposeInterests = b.set(24), b.set(24)
	t.PurposeOneUnasked = b.flag()
	t.PublisherCountry = b.letters(2)
	t.VendorConsents = b.vendors()
	t.VendorInterests = b.vendors()
	t.Restrictions = b.restrictions()
	return t, b.err
}

// tcfTime reads a moment in tenths of a second since 1970.
func tcfTime(tenths int) time.Time { return time.UnixMilli(100 * int64(tenths)).UTC() }

func tcfSegment(t *evidence.TCF, text string) error {
	b, err := newBits(text)
	if err != nil {
		return err
	}
	switch kind := b.number(3); {
	case b.err != nil:
	case kind == disclosedVendors:
		t.DisclosedVendors = b.vendors()
	case kind == allowedVendors:
		t.AllowedVendors = b.vendors()
	case kind == publisherTC:
		t.PublisherConsents, t.PublisherInterests = b.set(24), b.set(24)
		custom := b.number(6)
		t.CustomConsents, t.CustomInterests = b.set(custom), b.set(custom)
	default:
		return fmt.Errorf("kind %d is not known", kind)
	}
	return b.err
}

// vendors reads a set of vendors, as a flag for each or as ranges.
func (b *bits) vendors() evidence.IDSet {
	highest := b.number(16)
	if b.flag() {
		return b.ranges()
	}
	out := evidence.IDSet{}
	for id := 1; id <= highest && b.err == nil; id++ {
		switch n := len(out); {
		case !b.flag():
		case n > 0 && out[n-1][1] == id-1:
			out[n-1][1] = id
		default:
			out = append(out, [2]int{id, id})
		}
	}
	return out
}

// ranges reads a list of single vendors and of ranges.
func (b *bits) ranges() evidence.IDSet {
	out := evidence.IDSet{}
	for n := b.number(12); n > 0 && b.err == nil; n-- {
		isRange := b.flag()
		first := b.number(16)
		last := first
		if isRange {
			last = b.number(16)
		}
		if b.err == nil && last < first {
			b.err = errors.New("a range of vendors ends before it begins")
		}
		if b.err == nil {
			out = append(out, [2]int{first, last})
		}
	}
	return merged(out)
}

// merged puts ranges in order, and joins those that touch.
func merged(s evidence.IDSet) evidence.IDSet {
	slices.SortFunc(s, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	out := s[:0]
	for _, r := range s {
		if n := len(out); n > 0 && r[0] <= out[n-1][1]+1 {
			out[n-1][1] = max(out[n-1][1], r[1])
			continue
		}
		out = append(out, r)
	}
	return out
}

func (b *bits) restrictions() []evidence.TCFRule {
	kinds := [...]string{"not_allowed", "require_consent", "require_interest", "undefined"}
	out := []evidence.TCFRule{}
	for n := b.number(12); n > 0 && b.err == nil; n-- {
		r := evidence.TCFRule{Purpose: b.number(6), Kind: kinds[b.number(2)], Vendors: b.ranges()}
		if b.err == nil {
			out = append(out, r)
		}
	}
	return out
}
