package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// A PolicyReport is what one policy document declares, without a scan.
type PolicyReport struct {
	Document     Policy              `json:"document"`
	Declarations []PolicyDeclaration `json:"declarations"`
	Claims       []evidence.Claim    `json:"claims"`
	DeclaresNone bool                `json:"declares_none"`
}

// A PolicyDeclaration is a declaration that no scan was compared with.
type PolicyDeclaration struct {
	evidence.Declaration
	// Hosts are all hosts where the row states several; Host is the first.
	Hosts []string `json:"hosts,omitempty"`
	// Explained says which text gave each field; empty where that was not asked.
	Explained []evidence.FieldBasis `json:"explained,omitempty"`
}

// NewPolicy builds the report of a document that was read. A document that names
// no cookie and one that says that there are none differ in DeclaresNone. With
// explain, each declaration says which text gave its fields.
func NewPolicy(d evidence.PolicyDocument, declarations []evidence.Declaration, claims []evidence.Claim, explain bool) *PolicyReport {
	p := &PolicyReport{Document: newPolicy(d), Declarations: []PolicyDeclaration{}, Claims: list(claims), DeclaresNone: d.DeclaresNone}
	for _, x := range newDeclarations(declarations, nil) {
		out := PolicyDeclaration{Declaration: x.Declaration, Hosts: x.Hosts}
		if explain {
			out.Explained = x.Basis
		}
		p.Declarations = append(p.Declarations, out)
	}
	return p
}

func newPolicy(d evidence.PolicyDocument) Policy {
	return Policy{
		URL: d.URL, Title: d.Title, Language: d.Language, Format: d.Format,
		Fetched: d.Fetched.UTC(), SHA256: d.SHA256, TextSHA256: textSHA256(d.Text), DeclaresNone: d.DeclaresNone, Text: d.Text,
	}
}

// WritePolicyJSON writes p as one indented JSON object.
func WritePolicyJSON(w io.Writer, p *PolicyReport) error { return writeJSON(w, p, indent) }

// WritePolicyTable writes p for a terminal.
func WritePolicyTable(w io.Writer, p *PolicyReport, o Options) error {
	t := newTerminal(o)
	source := identifier(p.Document.URL)
	if source == "-" {
		source = "standard input"
	}
	t.line(bold, cmp.Or(prose(p.Document.Title), source))
	if p.Document.Title != "" {
		t.wrapped(plain, "", source)
	}
	t.wrapped(plain, "", fmt.Sprintf("%s, %s; %s, %s", cmp.Or(prose(p.Document.Format), "format not known"),
		cmp.Or(prose(p.Document.Language), "language not known"), Plural(len(p.Declarations), "declaration"), Plural(len(p.Claims), "claim")))
	t.heading("DECLARATIONS")
	switch {
	case len(p.Declarations) > 0:
		if err := t.declarations(p.Declarations); err != nil {
			return err
		}
	case p.DeclaresNone:
		t.wrapped(plain, "  ", "the document says that no cookies are used")
	default:
		t.wrapped(plain, "  ", "the document names no cookie")
	}
	t.explained(p.Declarations)
	t.claims(p.Claims)
	if bytes.Contains(t.out.Bytes(), []byte("…")) {
		t.blank()
		t.wrapped(dim, "", "Cut texts end in \"…\"; --format csv and json have them whole, as a wider terminal does.")
	}
	return t.flush(w)
}

// explained writes which text gave each field of each declaration.
func (t *terminal) explained(ds []PolicyDeclaration) {
	if !slices.ContainsFunc(ds, func(d PolicyDeclaration) bool { return len(d.Explained) > 0 }) {
		return
	}
	t.heading("READ FROM")
	for i := range ds {
		t.wrapped(bold, "  ", identifier(ds[i].Name))
		for _, b := range ds[i].Explained {
			t.wrapped(plain, "    ", fmt.Sprintf("%s %s: %s", b.Field, prose(b.From), prose(b.Text)))
		}
		if ds[i].Unsure != "" {
			t.wrapped(plain, "    ", "unsure: "+prose(ds[i].Unsure))
		}
	}
}

func (t *terminal) declarations(ds []PolicyDeclaration) error {
	columns := []gridColumn{
		{Head: "DECLARED NAME", Min: 12, Shrink: true},
		{Head: "HOST", Min: 8, Shrink: true},
		{Head: "PROVIDER", Min: 8, Shrink: true},
		{Head: "CATEGORY"},
		{Head: "LIFETIME", Min: 8, Shrink: true},
		{Head: "STORAGE"},
	}
	var rows [][]string
	for i := range ds {
		d := &ds[i]
		rows = append(rows, []string{
			identifier(d.Name), cmp.Or(identifier(cmp.Or(strings.Join(d.Hosts, " "), d.Host)), "not stated"), cmp.Or(identifier(d.Provider), "not stated"),
			string(d.Category), declaredLifetime(&d.Declaration), string(d.Storage),
		})
	}
	return t.grid(columns, t.gridWidths(columns, rows), rows)
}

func (t *terminal) claims(cs []evidence.Claim) {
	if len(cs) == 0 {
		return
	}
	t.heading("CLAIMS")
	for _, c := range cs {
		t.wrapped(plain, "  ", fmt.Sprintf("%s: \"%s\"", strings.ReplaceAll(string(c.Kind), "_", " "), prose(c.Quote)))
	}
}
