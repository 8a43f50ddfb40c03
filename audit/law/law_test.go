package law_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit/law"
)

func TestEveryCitationCanBeFollowed(t *testing.T) {
	t.Parallel()
	official := []string{
		"data.europa.eu", "eur-lex.europa.eu", "www.edpb.europa.eu", "ec.europa.eu", "datatracker.ietf.org", "www.legifrance.gouv.fr", "www.garanteprivacy.it", "www.aepd.es", "iabeurope.eu",
		"www.gesetze-im-internet.de", "www.legislation.gov.uk", "www.boe.es", "www.normattiva.it", "cppa.ca.gov", "leginfo.legislature.ca.gov", "ico.org.uk",
	}
	authorities := []law.Authority{law.Statute, law.Case, law.Guidance, law.Standard}
	for _, c := range law.All() {
		in := c.Instrument
		if in.ID == "" || in.Name == "" {
			t.Errorf("%+v: an instrument needs an ID and a name", c)
		}
		u, err := url.Parse(in.URL)
		if err != nil || u.Scheme != "https" || !slices.Contains(official, u.Host) {
			t.Errorf("%s: %q is not an official https address", in.ID, in.URL)
		}
		if held := slices.Contains(law.Places(), in.Place); held == (in.Authority == law.Standard) {
			t.Errorf("%s: %s of place %q", in.ID, in.Authority, in.Place)
		}
		if !slices.Contains(authorities, in.Authority) {
			t.Errorf("%s: authority %q", in.ID, in.Authority)
		}
		for _, day := range []string{in.Date, c.AsOf} {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				t.Errorf("%s: date %q: %v", in.ID, day, err)
			}
		}
		if c.AsOf < in.Date {
			t.Errorf("%s: checked on %s, before its date %s", in.ID, c.AsOf, in.Date)
		}
		if in.Authority == law.Statute && !slices.ContainsFunc([]string{"Article ", "Recital ", "§ ", "Regulation ", "Schedule "}, func(p string) bool { return strings.HasPrefix(c.Provision, p) }) {
			t.Errorf("%s: a law is cited by its article, not %q", in.ID, c.Provision)
		}
	}
}

func TestCitationsAndInstrumentsAreDistinct(t *testing.T) {
	t.Parallel()
	type pin struct{ id, provision string }
	seen := map[pin]bool{}
	byID := map[string]law.Instrument{}
	for _, c := range law.All() {
		p := pin{c.Instrument.ID, c.Provision}
		if seen[p] {
			t.Errorf("%+v is listed twice", p)
		}
		seen[p] = true
		if in, ok := byID[c.Instrument.ID]; ok && in != c.Instrument {
			t.Errorf("%s names two instruments", c.Instrument.ID)
		}
		byID[c.Instrument.ID] = c.Instrument
	}
}
