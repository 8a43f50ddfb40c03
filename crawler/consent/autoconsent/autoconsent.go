package autoconsent

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"sync"

	"cookieaudit/crawler/evidence"
)

//go:embed dist
var dist embed.FS

//go:embed glue.js
var glue string

// Name and Licence are those of the embedded package.
const (
	Name    = "autoconsent"
	Licence = "MPL-2.0"
)

// A Package is the embedded package.
type Package struct {
	Version string
	script  string
	rules   []rule
	sum     string
}

// A rule is kept as it is; only what decides where it applies is read.
type rule struct {
	raw     json.RawMessage
	context struct {
		Main       *bool  `json:"main"`
		Frame      *bool  `json:"frame"`
		URLPattern string `json:"urlPattern"`
	}
	pattern *regexp.Regexp // nil where there is none, or none that Go can read
}

// Find returns the embedded package, or nil where the build had none.
func Find() (*Package, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Package, error) {
	script, err := dist.ReadFile("dist/autoconsent.cjs.js")
	if err != nil {
		return nil, nil // the build had none
	}
	about, err := dist.ReadFile("dist/package.json")
	if err != nil {
		return nil, fmt.Errorf("read the embedded autoconsent: %w", err)
	}
	rules, err := dist.ReadFile("dist/rules.json")
	if err != nil {
		return nil, fmt.Errorf("read the embedded autoconsent: %w", err)
	}
	p := &Package{script: string(script)}
	var manifest struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(about, &manifest); err != nil {
		return nil, fmt.Errorf("read autoconsent's package.json: %w", err)
	}
	p.Version = manifest.Version
	if p.rules, err = readRules(rules); err != nil {
		return nil, fmt.Errorf("read autoconsent's rules: %w", err)
	}
	sum := sha256.Sum256(append(script, rules...))
	p.sum = hex.EncodeToString(sum[:])
	return p, nil
})

func readRules(data []byte) ([]rule, error) {
	var bundle struct {
		Rules []json.RawMessage `json:"autoconsent"`
	}
	if err := json.Unmarshal(data, &bundle); err != nil {
		return nil, err
	}
	out := make([]rule, len(bundle.Rules))
	for i, raw := range bundle.Rules {
		r := &out[i]
		r.raw = raw
		var about struct {
			Context any `json:"runContext"`
		}
		about.Context = &r.context
		if err := json.Unmarshal(raw, &about); err != nil {
			return nil, fmt.Errorf("rule %d: %w", i, err)
		}
		if r.context.URLPattern != "" {
			// A pattern with a look-ahead is left for the script to match.
			if p, err := regexp.Compile(r.context.URLPattern); err == nil {
				r.pattern = p
			}
		}
	}
	return out, nil
}

// Dataset names the package in a scan.
func (p *Package) Dataset() evidence.Dataset {
	return evidence.Dataset{Name: Name, Version: p.Version, SHA256: p.sum, Licence: Licence}
}

// Again is an expression that says whether the script runs in a document already; it
// then repeats what it has found.
const Again = `Object.hasOwn(globalThis, "autoconsent") && (autoconsent.again(), true)`

// Script returns an expression that starts the script in a document, with the
// rules that apply to its address. What it then offers stands in glue.js.
func (p *Package) Script(address string, top bool) (string, error) {
	rules, err := json.Marshal(p.applying(address, top))
	if err != nil {
		return "", fmt.Errorf("encode autoconsent's rules: %w", err)
	}
	return "(() => { const module = {exports: {}}, exports = module.exports;\n" +
		p.script + "\nconst rules = " + string(rules) + ";\n" + glue + "\nreturn 0; })()", nil
}

// applying picks the rules for a document: those of the full set take 680 KB,
// those that are left for most pages a sixth of that.
func (p *Package) applying(address string, top bool) []json.RawMessage {
	var out []json.RawMessage
	for i := range p.rules {
		r := &p.rules[i]
		c := &r.context
		switch {
		case top && c.Main != nil && !*c.Main, !top && (c.Frame == nil || !*c.Frame):
		case r.pattern != nil && !r.pattern.MatchString(address):
		default:
			out = append(out, r.raw)
		}
	}
	return out
}
