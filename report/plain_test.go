package report

import (
	"strings"
	"testing"

	"cookieaudit/crawler/evidence"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		seconds      int64
		exact, short string
	}{
		{0, "0 s", "0 s"},
		{-1, "-1 s", "-1 s"},
		{1, "1 s", "1 s"},
		{60, "1 min", "1 min"},
		{1800, "30 min", "30 min"},
		{5400, "1 h 30 min", "1 h 30 min"},
		{86400, "1 d", "1 d"},
		{90061, "1 d 1 h 1 min 1 s", "~1 d 1 h"},
		{30 * 86400, "30 d", "30 d"},
		{34560000, "400 d", "400 d"},
		{34559999, "399 d 23 h 59 min 59 s", "~400 d"},
		{31536000, "1 y", "1 y"},
		{63072000, "2 y", "2 y"},
		{63071998, "729 d 23 h 59 min 58 s", "~2 y"},
		{731 * 86400, "731 d", "731 d"},
		{10 * year, "10 y", "10 y"},
	} {
		if got := span(c.seconds); got != c.exact {
			t.Errorf("span(%d) = %q, want %q", c.seconds, got, c.exact)
		}
		if got := about(c.seconds); got != c.short {
			t.Errorf("about(%d) = %q, want %q", c.seconds, got, c.short)
		}
	}
}

func TestLifetimes(t *testing.T) {
	t.Parallel()
	two, zero := int64(2*year), int64(0)
	for _, c := range []struct {
		cookie      Cookie
		asked, kept string
	}{
		{Cookie{Session: true, Stored: true}, "session", "session"},
		{Cookie{RequestedSeconds: &two, StoredSeconds: &two, Stored: true}, "2 y", "2 y"},
		{Cookie{StoredSeconds: &two, Stored: true}, "2 y stored", "2 y"},
		{Cookie{RequestedSeconds: &two}, "2 y", "not stored"},
		{Cookie{Stored: true}, "not seen", "not seen"},
	} {
		if a, k := c.cookie.lifetime(span), c.cookie.kept(); a != c.asked || k != c.kept {
			t.Errorf("%+v: asked %q, kept %q, want %q and %q", c.cookie, a, k, c.asked, c.kept)
		}
	}
	for _, c := range []struct {
		declared evidence.Declaration
		want     string
	}{
		{evidence.Declaration{}, "not stated"},
		{evidence.Declaration{Lifetime: "persistent"}, "no length"},
		{evidence.Declaration{Lifetime: "session", Seconds: &zero}, "session"},
		{evidence.Declaration{Lifetime: "24 months", Seconds: &two}, "2 y"},
	} {
		if got := declaredLifetime(&c.declared); got != c.want {
			t.Errorf("%+v: %q, want %q", c.declared, got, c.want)
		}
	}
}

// Every sighting, and above all that absence is said only where it is proven.
func TestSightings(t *testing.T) {
	t.Parallel()
	visit := func(p evidence.Phase, o evidence.Outcome, c evidence.ConsentResult) evidence.Visit {
		return evidence.Visit{Phase: p, Outcome: o, Consent: evidence.Consent{Result: c}}
	}
	scan := &evidence.Scan{Visits: []evidence.Visit{
		visit(evidence.Before, evidence.Complete, evidence.NotAsked), visit(evidence.Reject, evidence.Complete, evidence.Failed),
		visit(evidence.Withdraw, evidence.Partial, evidence.NotAsked), visit(evidence.Return, evidence.Unavailable, evidence.NotAsked),
	}}
	r := New(scan, nil)
	write := func(p evidence.Phase, blocked ...string) evidence.Write {
		return evidence.Write{Phase: p, Blocked: blocked}
	}
	for name, c := range map[string]struct {
		cookie Cookie
		phase  evidence.Phase
		want   Sighting
	}{
		"seen":                       {Cookie{Phases: []evidence.Phase{evidence.Before}}, evidence.Before, Seen},
		"seen in a cut phase":        {Cookie{Phases: []evidence.Phase{evidence.Withdraw}}, evidence.Withdraw, Seen},
		"after the answer":           {Cookie{Phases: []evidence.Phase{evidence.Reject}, AfterAnswer: []evidence.Phase{evidence.Reject}}, evidence.Reject, AfterAnswer},
		"refused":                    {Cookie{Writes: []evidence.Write{write(evidence.Before, "SameSiteLax")}}, evidence.Before, Refused},
		"refused, listed as written": {Cookie{Phases: []evidence.Phase{evidence.Before}, Writes: []evidence.Write{write(evidence.Before, "x")}}, evidence.Before, Refused},
		"refused once, held":         {Cookie{Stored: true, Phases: []evidence.Phase{evidence.Before}, Writes: []evidence.Write{write(evidence.Before, "x")}}, evidence.Before, Seen},
		"refused, then accepted":     {Cookie{Phases: []evidence.Phase{evidence.Before}, Writes: []evidence.Write{write(evidence.Before, "x"), write(evidence.Before)}}, evidence.Before, Seen},
		"absent":                     {Cookie{}, evidence.Before, Absent},
		"banner not answered":        {Cookie{}, evidence.Reject, NotKnown},
		"phase cut short":            {Cookie{}, evidence.Withdraw, NotKnown},
		"phase not looked at":        {Cookie{}, evidence.Return, NotKnown},
		"phase not asked for":        {Cookie{}, evidence.Accept, NotPart},
	} {
		if got := r.sighting(&c.cookie, c.phase); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestNewLink(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://example.com/a?b=c#d":   "https://example.com/a?b=c#d",
		"http://example.com/":           "http://example.com/",
		"HTTPS://example.com/":          "https://example.com/",
		"javascript:alert(1)":           "",
		"data:text/html,x":              "",
		"//example.com/":                "",
		"https:///path":                 "",
		"policy.html":                   "",
		"https://example.com/\u202etxt": "",
		"https://example.com/\x00":      "",
		"https://exa mple.com/":         "",
		"":                              "",
	} {
		if got := newLink(address).Href; got != want {
			t.Errorf("%q leads to %q, want %q", address, got, want)
		}
	}
}

func FuzzEscapes(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b[31m", "a\u202eb", "\xff", "x\r\ny", "=1", ";=1", strings.Repeat("長", 50), "`|@a<b>"} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		for name, out := range map[string]string{"identifier": identifier(s), "prose": prose(s), "cell": cell(s), "markdown": markdown(s)} {
			if i := strings.IndexFunc(out, func(r rune) bool { return unprintable(r) && r != '\u200c' && r != '\u200d' }); i >= 0 {
				t.Errorf("%s: %q", name, out)
			}
		}
		if c := cell(s); c != "" && strings.ContainsAny(c[:1], "=+-@") {
			t.Errorf("formula: %q", c)
		}
		width = 1 + max(width, -width)%200
		if width > 0 && strings.Join(Wrap(s, width), "") != strings.Join(strings.Fields(s), "") && strings.ToValidUTF8(s, "") == s {
			joined := strings.ReplaceAll(strings.Join(Wrap(s, width), ""), " ", "")
			if joined != strings.Join(strings.Fields(s), "") {
				t.Errorf("wrap loses text: %q", s)
			}
		}
		_ = Fit(s, width)
	})
}
