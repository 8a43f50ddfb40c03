package purpose

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cookieaudit/crawler/evidence"
)

//go:embed data/overlay.yaml
var overlayFile []byte

//go:embed data/organisations.yaml
var organisationsFile []byte

// A file is a data file as written.
type file struct {
	Dataset       string         `yaml:"dataset"`
	Version       string         `yaml:"version"`
	Licence       string         `yaml:"licence"`
	Rows          []row          `yaml:"rows"`
	Organisations []organisation `yaml:"organisations"`
}

// A row says what the things of a name, on a host, are for.
type row struct {
	// Name and Names are globs; none at all means everything of the host.
	Name  string   `yaml:"name"`
	Names []string `yaml:"names"`
	// Host is a space-separated list of hosts, sub-domains included; "self" or
	// empty is the visited site's own domain, "*" any domain.
	Host     string            `yaml:"host"`
	Provider string            `yaml:"provider"`
	Aliases  []string          `yaml:"aliases"`
	Category evidence.Category `yaml:"category"`
	Class    string            `yaml:"class"`
	// Exempt is true where no consent is needed. Where it is not stated, a
	// necessary row of a class that the opinion on exemptions names is exempt.
	Exempt *bool `yaml:"exempt"`
	// Weak is true where the name is so short or common that it proves little.
	Weak bool `yaml:"weak"`
	// Also are the categories under which others file it: its maker, regulators
	// or the lists that consent managers publish.
	Also []evidence.Category `yaml:"also"`
}

// An organisation is who stands behind some hosts.
type organisation struct {
	Name     string            `yaml:"name"`
	Aliases  []string          `yaml:"aliases"`
	Category evidence.Category `yaml:"category"`
	Class    string            `yaml:"class"`
	Hosts    []string          `yaml:"hosts"`
	// CNAMEs are hosts that sites make names of their own aliases of, so that
	// the organisation can store as a first party.
	CNAMEs []string `yaml:"cnames"`
	// listed is true for one of the public list, not of our own.
	listed bool
}

// exempt resolves Exempt.
func (r *row) exempt() bool {
	if r.Exempt != nil {
		return *r.Exempt
	}
	return r.Category == evidence.Necessary && slices.Contains(exemptClasses(), strings.ReplaceAll(r.Class, "-", " "))
}

// exemptClasses are the classes of WP29 Opinion 04/2012, in our words, and the
// record of the visitor's choice about cookies.
func exemptClasses() []string {
	return []string{
		"session", "user input", "authentication", "security", "payment security", "media session", "load balancing", "interface",
		"shopping basket", "consent",
	}
}

// An entry is one name, or one whole host, of a row.
type entry struct {
	row
	isExempt bool
	pattern  string
	hosts    []string
	gate     gate
	// from names the data set and line, for the basis.
	from string
}

// A gate says on which domains an entry holds.
type gate int

const (
	onSite  gate = iota // the visited site's own domain
	onHosts             // the hosts of the entry
	onAny               // any domain
)

// read parses a data file strictly: an unknown field, category or host is an
// error that names its line.
func read(name string, data []byte) (*file, []int, error) {
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("read %s: %w", name, err)
	}
	lines, err := rowLines(data)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", name, err)
	}
	for i := range f.Rows {
		if err := f.Rows[i].check(); err != nil {
			return nil, nil, fmt.Errorf("read %s: line %d: %w", name, lines[i], err)
		}
	}
	return &f, lines, nil
}

// rowLines returns the line of each item under "rows".
func rowLines(data []byte) ([]int, error) {
	var doc struct {
		Rows []yaml.Node `yaml:"rows"`
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	lines := make([]int, len(doc.Rows))
	for i, n := range doc.Rows {
		lines[i] = n.Line
	}
	return lines, nil
}

func (r *row) check() error {
	switch r.Category {
	case evidence.Necessary, evidence.Functional, evidence.Analytics, evidence.Marketing, evidence.UnknownCategory:
	default:
		return fmt.Errorf("category %q is none of necessary, functional, analytics, marketing, unknown", r.Category)
	}
	if r.exempt() && (r.Category == evidence.Analytics || r.Category == evidence.Marketing) {
		return fmt.Errorf("a row of category %s cannot be exempt from consent", r.Category)
	}
	hosts := strings.Fields(r.Host)
	for _, h := range hosts {
		if h != "self" && h != "*" && !isHost(canonicalHost(h)) {
			return fmt.Errorf("host %q is not a host name", h)
		}
	}
	if len(hosts) > 1 && (slices.Contains(hosts, "self") || slices.Contains(hosts, "*")) {
		return fmt.Errorf("host %q mixes a list of hosts with %q or %q", r.Host, "self", "*")
	}
	wholeHost := true
	for _, n := range r.patterns() {
		if n == "" || strings.Trim(n, "*") != "" {
			wholeHost = wholeHost && n == ""
			continue
		}
		return fmt.Errorf("name %q fits every cookie; leave it empty and give a host", n)
	}
	if wholeHost && (len(hosts) == 0 || hosts[0] == "self" || hosts[0] == "*") {
		return errors.New("a row needs a name, or the host that all of it speaks of")
	}
	return nil
}

// patterns returns the names of a row; a single empty one where the row speaks
// of a whole host.
func (r *row) patterns() []string {
	var names []string
	if r.Name != "" || len(r.Names) == 0 {
		names = append(names, r.Name)
	}
	return append(names, r.Names...)
}

func (r *row) entries(from string) []*entry {
	g, hosts := onHosts, strings.Fields(r.Host)
	switch {
	case len(hosts) == 0 || hosts[0] == "self":
		g, hosts = onSite, nil
	case hosts[0] == "*":
		g, hosts = onAny, nil
	}
	for i, h := range hosts {
		hosts[i] = canonicalHost(h)
	}
	var es []*entry
	for _, p := range r.patterns() {
		es = append(es, &entry{row: *r, isExempt: r.exempt(), pattern: p, hosts: hosts, gate: g, from: from})
	}
	return es
}

// digest names a file for reports.
func digest(f *file, data []byte, fallback string) evidence.Dataset {
	sum := sha256.Sum256(data)
	d := evidence.Dataset{Name: f.Dataset, Version: f.Version, SHA256: hex.EncodeToString(sum[:]), Licence: f.Licence}
	if d.Name == "" {
		d.Name = fallback
	}
	if d.Version == "" {
		d.Version = d.SHA256[:12]
	}
	if d.Licence == "" {
		d.Licence = "supplied by the user"
	}
	return d
}

// canonicalHost lowers a host as written in a table and takes off the leading
// dot or "*." by which tables say "and its sub-domains".
func canonicalHost(h string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(h), "*"), "."), ".")
}

func isHost(h string) bool {
	if h == "" || len(h) > 253 {
		return false
	}
	return !strings.ContainsFunc(h, func(r rune) bool {
		return !(r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || r > 127)
	})
}

// under reports whether host is domain or one of its sub-domains.
func under(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}
