package purpose

import (
	"testing"

	"cookieaudit/crawler/evidence"
)

func TestEmbeddedRows(t *testing.T) {
	t.Parallel()
	f, lines, err := read("overlay", overlayFile)
	if err != nil {
		t.Fatal(err)
	}
	type key struct{ pattern, hosts string }
	seen := map[key]int{}
	for i := range f.Rows {
		r := &f.Rows[i]
		if r.Class == "" {
			t.Errorf("line %d: no class", lines[i])
		}
		if r.exempt() && !r.Weak && r.Category != evidence.Necessary && r.Class != "interface" && r.Class != "feature test" {
			t.Errorf("line %d: %s cookies of class %q are not exempt", lines[i], r.Category, r.Class)
		}
		for _, e := range r.entries("overlay") {
			for _, h := range append([]string{r.Host}, e.hosts...) {
				k := key{e.pattern, h}
				if at := seen[k]; at != 0 && at != lines[i] {
					t.Errorf("line %d: %q on %q stands on line %d already", lines[i], e.pattern, h, at)
				}
				seen[k] = lines[i]
			}
		}
	}
	if len(f.Rows) < 150 {
		t.Errorf("%d rows", len(f.Rows))
	}
}

func TestEmbeddedOrganisations(t *testing.T) {
	t.Parallel()
	f, _, err := read("organisations", organisationsFile)
	if err != nil {
		t.Fatal(err)
	}
	owner := map[string]string{}
	for _, o := range f.Organisations {
		if o.Name == "" || o.Class == "" || len(o.Hosts) == 0 {
			t.Errorf("%+v lacks a name, a class or hosts", o)
		}
		switch o.Category {
		case evidence.Necessary, evidence.Functional, evidence.Analytics, evidence.Marketing, evidence.UnknownCategory:
		default:
			t.Errorf("%s: category %q", o.Name, o.Category)
		}
		for _, h := range o.Hosts {
			if !isHost(h) || h != canonicalHost(h) {
				t.Errorf("%s: host %q", o.Name, h)
			}
			if by, ok := owner[h]; ok {
				t.Errorf("%s belongs to %s and %s", h, by, o.Name)
			}
			owner[h] = o.Name
		}
	}
	if len(owner) < 100 {
		t.Errorf("%d hosts", len(owner))
	}
}
