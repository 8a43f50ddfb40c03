package purpose

import (
	"bytes"
	"fmt"
	"os"
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
		if o.Name == "" || o.Class == "" || len(o.Hosts)+len(o.CNAMEs) == 0 {
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

// The generated files are those of the versions that are pinned and that NOTICE
// names.
func TestGeneratedData(t *testing.T) {
	t.Parallel()
	notice, err := os.ReadFile("../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	pinned, err := os.ReadFile("generate/package.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		data []byte
		pkg  string
		rows int
	}{{cookiesFile, "@slashgear/gdpr-cookie-scanner", 2200}, {hostsFile, "third-party-web", 2000}} {
		d, rows, err := readTSV(f.data)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) < f.rows {
			t.Errorf("%s: %d rows", d.Name, len(rows))
		}
		if !bytes.Contains(pinned, []byte(fmt.Sprintf("%q: %q", f.pkg, d.Version))) {
			t.Errorf("package.json does not pin %s %s", f.pkg, d.Version)
		}
		if !bytes.Contains(notice, []byte(f.pkg+" "+d.Version)) {
			t.Errorf("NOTICE does not name %s %s", f.pkg, d.Version)
		}
	}
}

func TestReadTSV(t *testing.T) {
	t.Parallel()
	head := "# dataset: d\n# version: 1\n# licence: MIT\n"
	for name, text := range map[string]string{
		"a field too many": head + "a\tb\n1\t2\t3\n", "no name": "a\n1\n", "cut short": head + "a\n1",
	} {
		if _, _, err := readTSV([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, rows, err := readTSV([]byte(head + "a\tb\n1\t\n")); err != nil || len(rows) != 1 || rows[0][1] != "" {
		t.Errorf("%v %v", rows, err)
	}
}
