package report

import (
	"slices"

	"cookieaudit/crawler/evidence"
)

// A seenProvider is an organisation that a scan saw, and in which phases.
type seenProvider struct {
	name   string
	phases []evidence.Phase
}

// ProviderChanges tells which organisations set cookies or got requests in one
// report and not in the other. Cookies and requests without a known one are left
// out.
func ProviderChanges(older, newer *Report) []Change {
	return changes(older.providers(), newer.providers(), listing[seenProvider]{
		subject: func(p *seenProvider) Change { return Change{Kind: "provider", Name: p.name} },
		fields:  func(_, _ *seenProvider) []FieldChange { return nil },
		proven:  func(p *seenProvider, other *Report) bool { return other.wouldShow(p.phases) },
	}, older, newer)
}

func (r *Report) providers() []seenProvider {
	var out []seenProvider
	at := map[string]int{}
	see := func(name string, phases ...evidence.Phase) {
		if name == "" {
			return
		}
		i, ok := at[name]
		if !ok {
			i = len(out)
			at[name] = i
			out = append(out, seenProvider{name: name})
		}
		for _, p := range phases {
			if !slices.Contains(out[i].phases, p) {
				out[i].phases = append(out[i].phases, p)
			}
		}
	}
	for i := range r.Cookies {
		see(r.Cookies[i].Provider, r.Cookies[i].Phases...)
	}
	for i := range r.Requests {
		see(r.Requests[i].Provider, r.Requests[i].Phase)
	}
	return out
}
