package signal

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// GPP decodes a string of the Global Privacy Platform (IAB Tech Lab, "Global
// Privacy Platform String"). A section that cannot be read says so in its Error;
// the others stand.
func GPP(text string) (*evidence.GPP, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("read a GPP string: %w", errTooLong)
	}
	parts := strings.Split(text, "~")
	ids, err := gppHeader(parts[0])
	if err != nil {
		return nil, fmt.Errorf("read the header of a GPP string: %w", err)
	}
	if len(ids) != len(parts)-1 {
		return nil, fmt.Errorf("read a GPP string: the header names %d sections, %d follow", len(ids), len(parts)-1)
	}
	g := &evidence.GPP{Sections: []evidence.GPPSection{}}
	for i, id := range ids {
		g.Sections = append(g.Sections, gppSection(id, parts[i+1]))
	}
	return g, nil
}

// gppHeader returns the numbers of the sections that follow.
func gppHeader(text string) ([]int, error) {
	b, err := newBits(text)
	if err != nil {
		return nil, err
	}
	kind, version := b.number(6), b.number(6)
	if b.err == nil && (kind != 3 || version != 1) {
		return nil, fmt.Errorf("type %d, version %d is not known", kind, version)
	}
	const most = 100 // sections; 27 are defined
	var ids []int
	last := 0
	for n := b.number(12); n > 0 && b.err == nil; n-- {
		isRange := b.flag()
		first := last + b.fibonacci()
		last = first
		if isRange {
			last = first + b.fibonacci()
		}
		for id := first; id <= last && b.err == nil; id++ {
			ids = append(ids, id)
			if len(ids) > most {
				return nil, errors.New("more than 100 sections")
			}
		}
	}
	return ids, b.err
}

func gppSection(id int, text string) evidence.GPPSection {
	s := evidence.GPPSection{ID: id, Raw: text}
	var err error
	switch id {
	case 2:
		s.Name = "tcfeuv2"
		s.TCF, err = TCF(text)
	case 5:
		s.Name = "tcfcav1" // Canada's strings have a form of their own
		err = errors.New("not decoded")
	case 6:
		s.Name = "uspv1"
		s.USPrivacy, err = USPrivacy(text)
	default:
		l, known := usLayout(id)
		if !known {
			err = errors.New("the section is not known")
			break
		}
		s.Name = l.name
		err = l.read(&s, text)
	}
	if err != nil {
		s.Error = err.Error()
	}
	return s
}

// A layout is the core segment of a US section: fields of two bits, after a
// version of six. "Name*3" is a list of three.
type layout struct {
	name   string
	fields string
}

// The fields that the sections have in common at their end, and those of the
// sections with the shorter form that puts them first.
const (
	mspa      = " MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode"
	mspaFirst = "MspaCoveredTransaction MspaMode ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut "
	shared    = "SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut "
	processed = "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut "
	additions = " AdditionalDataProcessingConsent"
)

// usLayout returns the layout of a US section (IAB Tech Lab, Global Privacy
// Platform, the specification of each section).
func usLayout(id int) (layout, bool) {
	const eight, one, three = "SensitiveDataProcessing*8 ", "KnownChildSensitiveDataConsents", "KnownChildSensitiveDataConsents*3"
	switch id {
	case 7:
		return layout{"usnat", "SharingNotice SaleOptOutNotice SharingOptOutNotice TargetedAdvertisingOptOutNotice SensitiveDataProcessingOptOutNotice SensitiveDataLimitUseNotice " +
			"SaleOptOut SharingOptOut TargetedAdvertisingOptOut SensitiveDataProcessing*16 KnownChildSensitiveDataConsents*3 PersonalDataConsents" + mspa}, true
	case 8:
		return layout{"usca", "SaleOptOutNotice SharingOptOutNotice SensitiveDataLimitUseNotice SaleOptOut SharingOptOut SensitiveDataProcessing*9 KnownChildSensitiveDataConsents*2 PersonalDataConsents" + mspa}, true
	case 9:
		return layout{"usva", shared + eight + one + mspa}, true
	case 10:
		return layout{"usco", shared + "SensitiveDataProcessing*7 " + one + mspa}, true
	case 11:
		return layout{"usut", "SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SensitiveDataProcessingOptOutNotice SaleOptOut TargetedAdvertisingOptOut " + eight + one + mspa}, true
	case 12:
		return layout{"usct", shared + eight + three + mspa}, true
	case 13:
		return layout{"usfl", processed + eight + three + additions + mspa}, true
	case 14:
		return layout{"usmt", shared + eight + three + additions + mspa}, true
	case 15:
		return layout{"usor", processed + "SensitiveDataProcessing*11 " + three + additions + mspa}, true
	case 17:
		return layout{"usde", processed + "SensitiveDataProcessing*9 KnownChildSensitiveDataConsents*5" + additions + mspa}, true
	case 18:
		return layout{"usia", "ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice SensitiveDataOptOutNotice SaleOptOut TargetedAdvertisingOptOut " + eight + one + mspa}, true
	case 20:
		return layout{"usnh", processed + eight + three + additions + mspa}, true
	case 21:
		return layout{"usnj", processed + "SensitiveDataProcessing*10 KnownChildSensitiveDataConsents*5" + additions + mspa}, true
	case 16, 19, 22, 23:
		name := map[int]string{16: "ustx", 19: "usne", 22: "ustn", 23: "usmn"}[id]
		return layout{name, processed + eight + one + additions + mspa}, true
	case 24:
		return layout{"usmd", mspaFirst + "AdditionalDataProcessingConsent"}, true
	case 25, 26, 27:
		name := map[int]string{25: "usin", 26: "usky", 27: "usri"}[id]
		return layout{name, mspaFirst + one + additions}, true
	}
	return layout{}, false
}

// read decodes a US section: its core, and the segment that says whether Global
// Privacy Control was received.
func (l layout) read(s *evidence.GPPSection, text string) error {
	segments := strings.Split(text, ".")
	b, err := newBits(segments[0])
	if err != nil {
		return err
	}
	version, fields := b.number(6), l.fields
	if l.name == "usnat" && version == 1 {
		fields = strings.NewReplacer("*16", "*12", "*3", "*2").Replace(fields)
	}
	s.Fields = map[string][]int{}
	for _, f := range strings.Fields(fields) {
		name, times, _ := strings.Cut(f, "*")
		n := 1
		if times != "" {
			_, _ = fmt.Sscan(times, &n) // of our own table
		}
		values := make([]int, n)
		for i := range values {
			values[i] = b.number(2)
		}
		if b.err != nil {
			return b.err
		}
		s.Fields[name] = values
		if strings.HasSuffix(name, "OptOut") && values[0] == 1 {
			s.OptedOut = append(s.OptedOut, name)
		}
	}
	slices.Sort(s.OptedOut)
	for _, seg := range segments[1:] {
		g, err := newBits(seg)
		if err != nil {
			return err
		}
		const gpcSegment = 1
		if g.number(2) == gpcSegment && l.hasGPC() {
			gpc := g.flag()
			if g.err == nil {
				s.GPC = &gpc
			}
		}
	}
	return nil
}

// hasGPC reports whether the section's second segment is that of Global Privacy
// Control: some states have one for sensitive data in its place, others none.
func (l layout) hasGPC() bool {
	return !slices.Contains([]string{"usin", "usky", "usri", "usfl", "usut", "usva"}, l.name)
}
