package purpose_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/net/publicsuffix"

	"cookieaudit/crawler/evidence"
)

// A publishedRow is a row of a published cookie table, labelled by hand.
type publishedRow struct {
	Name, Host string
	Category   evidence.Category
}

// TestPublishedClasses compares what is known of cookies with the classes that
// sites publish for them. `make purpose-report` prints the whole of it.
//
// Where public sources file a cookie differently, one table proves nothing and
// the confidence in any one class stays below 0.7; the other rows must agree to
// the letter. Beside that is counted who agrees where "necessary" and
// "functional" are two words for what is exempt.
func TestPublishedClasses(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../shared/policies/*/labels.json")
	if err != nil || len(files) == 0 {
		t.Skip("no published policies")
	}
	c := classifier(t)
	rows, known, contested, exact, agreeing := 0, 0, 0, 0, 0
	for _, f := range files {
		site := filepath.Base(filepath.Dir(f))
		home, published := readPublished(t, f)
		for _, r := range published {
			rows++
			p := c.Named(r.Name, r.Host, home)
			if p.Confidence < 0.7 && p.Sure() >= 0.7 {
				contested++
				t.Logf("contested  %-20s %-34s published %-10s ours %s, also %v; exempt %v %.2f", site, r.Name, r.Category, p.Category, p.Also, p.Exempt, p.ExemptConfidence)
				continue
			}
			if p.Confidence < 0.7 || p.Category == evidence.UnknownCategory {
				t.Logf("not known  %-20s %-34s published %-10s ours %s %.2f", site, r.Name, r.Category, p.Category, p.Confidence)
				continue
			}
			known++
			word := r.Category == evidence.Functional || r.Category == evidence.Necessary
			switch {
			case p.Category == r.Category:
				exact++
				agreeing++
			case p.Exempt && word:
				agreeing++
				t.Logf("other word %-20s %-34s published %-10s ours %s (%s), exempt", site, r.Name, r.Category, p.Category, p.Class)
			default:
				t.Logf("DISAGREES  %-20s %-34s published %-10s ours %s (%s, %s) %.2f", site, r.Name, r.Category, p.Category, p.Class, p.Provider, p.Confidence)
			}
		}
	}
	share := float64(exact) / float64(known)
	t.Logf("%d rows with a class; %d known (%.0f %%), %d more filed differently by public sources; of those known %d agree (%.0f %%), %d to the letter (%.0f %%)",
		rows, known, 100*float64(known)/float64(rows), contested, agreeing, 100*float64(agreeing)/float64(known), exact, 100*share)
	if share < 0.85 {
		t.Errorf("%.1f %% of the known rows agree, want 85 %%", 100*share)
	}
}

// readPublished returns the site's domain, as far as its rows tell, and the
// rows that have a class.
func readPublished(t *testing.T, labels string) (home string, rows []publishedRow) {
	t.Helper()
	raw, err := os.ReadFile(labels)
	if err != nil {
		t.Fatal(err)
	}
	var l struct {
		Site         string
		Declarations []publishedRow
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		t.Fatalf("%s: %v", labels, err)
	}
	for _, d := range l.Declarations {
		if d.Category != evidence.UnknownCategory && d.Category != "" {
			rows = append(rows, d)
		}
	}
	home, err = publicsuffix.EffectiveTLDPlusOne(l.Site)
	if err != nil {
		return "", rows // a template or a name, no site
	}
	return home, rows
}

// What is asked of a name alone, or of a name and a host.
func TestNamed(t *testing.T) {
	t.Parallel()
	c := classifier(t, "rows: [{name: ours, category: analytics, class: house statistics}]")
	tests := []struct {
		name, host string
		category   evidence.Category
		least, top float64
		provider   string
		nameOnly   bool
	}{
		{"_ga", "", evidence.Analytics, 0.9, 1, "Google Analytics", false},
		{"IDE", ".doubleclick.net", evidence.Marketing, 0.97, 1, "DoubleClick", false},
		{"IDE", "", evidence.Marketing, 0.7, 0.8, "DoubleClick", false},
		{"IDE", "shop.example", evidence.UnknownCategory, 0, 0, "", false},
		{"ours", "example.org", evidence.Analytics, 0.99, 1, "", false},
		// The public database: with its domain, its name alone, its prefix.
		{"n360-freewheel", "nexx360.io", evidence.Marketing, 0.9, 1, "", false},
		{"n360-freewheel", "", evidence.Marketing, 0.75, 0.75, "Nexx360", true},
		{"n360-freewheel", "shop.example", evidence.UnknownCategory, 0, 0, "", false},
		{"picreel_tracker__first_visit", "example.org", evidence.Analytics, 0.75, 0.75, "Picreel", true},
		{"ezovid_123", "example.org", evidence.Analytics, 0.7, 0.7, "Ezoic", true},
		// A generic name proves nothing.
		{"token", "", evidence.Marketing, 0.4, 0.5, "", false},
		{"locale", "", evidence.Functional, 0.4, 0.6, "", false},
		{"no_such_name_at_all", "", evidence.UnknownCategory, 0, 0, "", false},
	}
	for _, tt := range tests {
		p := c.Named(tt.name, tt.host, "example.org")
		if p.Category != tt.category || p.Confidence < tt.least || p.Confidence > tt.top || tt.provider != "" && p.Provider != tt.provider || p.NameOnly != tt.nameOnly {
			t.Errorf("%s on %q: %+v", tt.name, tt.host, p)
		}
	}
}
