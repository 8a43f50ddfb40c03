// Command generate makes the data files of audit/purpose from the public data
// that package.json names. It keeps facts only: names, organisations,
// categories, domains and lengths, no descriptions.
//
//	npm ci && go run .     (in this folder; or: make knowledge)
package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	for _, d := range datasets() {
		if err := d.write(); err != nil {
			log.Fatal(err)
		}
	}
}

// A dataset is one data file and where it comes from.
type dataset struct {
	name, licence string
	pkg           string // the npm package
	file          string // in the package
	out           string
	columns       []string
	rows          func([]byte) ([][]string, error)
}

func datasets() []dataset {
	return []dataset{
		{
			name: "open-cookie-database", licence: "Apache-2.0", pkg: "@slashgear/gdpr-cookie-scanner",
			file: "src/data/open-cookie-database.json", out: "../data/cookies.tsv",
			columns: []string{"name", "match", "category", "domains", "platform", "controller", "retention"}, rows: cookieRows,
		},
		{
			name: "third-party-web", licence: "MIT", pkg: "third-party-web", file: "dist/entities-nostats.json", out: "../data/hosts.tsv",
			columns: []string{"organisation", "product", "category", "hosts"}, rows: hostRows,
		},
	}
}

func (d *dataset) write() error {
	dir := filepath.Join("node_modules", filepath.FromSlash(d.pkg))
	var meta struct{ Version string }
	if err := readJSON(filepath.Join(dir, "package.json"), &meta); err != nil {
		return err
	}
	source, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(d.file)))
	if err != nil {
		return fmt.Errorf("read the source of %s: %w", d.name, err)
	}
	rows, err := d.rows(source)
	if err != nil {
		return fmt.Errorf("read %s: %w", d.file, err)
	}
	slices.SortFunc(rows, slices.Compare[[]string])
	rows = slices.CompactFunc(rows, slices.Equal[[]string])
	var b bytes.Buffer
	fmt.Fprintf(&b, "# dataset: %s\n# version: %s\n# licence: %s\n# source: %s of npm package %s %s, sha256 %x\n",
		d.name, meta.Version, d.licence, d.file, d.pkg, meta.Version, sha256.Sum256(source))
	b.WriteString(strings.Join(d.columns, "\t") + "\n")
	for _, r := range rows {
		b.WriteString(strings.Join(r, "\t") + "\n")
	}
	if err := os.WriteFile(d.out, b.Bytes(), 0o644); err != nil { //nolint:gosec // a source file
		return fmt.Errorf("write %s: %w", d.name, err)
	}
	return nil
}

func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read what npm ci installs: %w", err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

func cookieRows(data []byte) ([][]string, error) {
	var platforms map[string][]struct {
		Category, Cookie, Domain, RetentionPeriod, DataController, WildcardMatch string
	}
	if err := json.Unmarshal(data, &platforms); err != nil {
		return nil, err
	}
	var rows [][]string
	for platform, cookies := range platforms {
		for _, c := range cookies {
			name, match := clean(c.Cookie), "exact"
			stem, placeholder := strings.CutSuffix(name, "*")
			if placeholder || c.WildcardMatch == "1" {
				name, match = stem, "prefix"
			}
			// A placeholder within a name leaves the prefix before it.
			if head, _, cut := strings.Cut(name, "["); cut && strings.HasSuffix(name, "]") {
				name, match = head, "prefix"
			}
			if name == "" {
				continue
			}
			rows = append(rows, []string{
				name, match, strings.ToLower(clean(c.Category)), domains(c.Domain), clean(platform), clean(c.DataController), clean(c.RetentionPeriod),
			})
		}
	}
	return rows, nil
}

// domains reduces what the database writes for a domain ("google.com (3rd
// party) or advertiser's website") to host names.
func domains(text string) string {
	var hosts []string
	for _, w := range strings.FieldsFunc(strings.ToLower(clean(text)), func(r rune) bool { return strings.ContainsRune(" ,;()/", r) }) {
		if i := strings.LastIndexByte(w, ']'); i >= 0 {
			w = w[i+1:] // "ads-[account].example.com"
		}
		w = strings.Trim(w, ".*")
		if strings.Contains(w, ".") && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" && !slices.Contains(hosts, w) {
			hosts = append(hosts, w)
		}
	}
	return strings.Join(hosts, " ")
}

func hostRows(data []byte) ([][]string, error) {
	var entities []struct {
		Name, Company, Category string
		Domains                 []string
	}
	if err := json.Unmarshal(data, &entities); err != nil {
		return nil, err
	}
	var rows [][]string
	for _, e := range entities {
		var hosts []string
		for _, d := range e.Domains {
			hosts = append(hosts, strings.TrimPrefix(strings.ToLower(clean(d)), "*."))
		}
		slices.Sort(hosts)
		rows = append(rows, []string{clean(cmp.Or(e.Company, e.Name)), clean(e.Name), clean(e.Category), strings.Join(slices.Compact(hosts), " ")})
	}
	return rows, nil
}

// clean takes out what would break a line or hide in it.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff':
			return -1
		case r < ' ' || r == '\u00a0':
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
