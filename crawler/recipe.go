package crawler

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/evidence"
)

// A Recipe says how the banners of some sites are answered; see consent.Recipe.
type Recipe struct {
	// Site is a host, or "*.example.org" for the domain and every host below it.
	Site string
	consent.Recipe
}

// recipeEntry is a recipe as it is written.
type recipeEntry struct {
	Site     string      `yaml:"site"`
	Banner   string      `yaml:"banner"`
	Accept   []yaml.Node `yaml:"accept"`
	Reject   []yaml.Node `yaml:"reject"`
	Choose   []yaml.Node `yaml:"choose"`
	Withdraw []yaml.Node `yaml:"withdraw"`
	Fallback bool        `yaml:"fallback"`
}

// goType is what the YAML package says of our types in its messages.
var goType = regexp.MustCompile(` (in type|into) crawler\.\w+`)

// ParseRecipes reads a YAML file of recipes:
//
//	recipes:
//	  - site: "*.example.org"
//	    banner: "#cmp"
//	    accept: [{click: "#ok"}]
//	    reject: [{click: "#settings"}, {wait: {selector: "#none"}}, {click: "#none"}, {click: "#save"}]
//	    choose: [{click: "#settings"}, {click: "#statistics"}, {click: "#save"}]
//	    withdraw: [{click: "#footer .cookies"}, {click: "#none"}]
//	    fallback: true
//
// Its errors name the line.
func ParseRecipes(text []byte) ([]Recipe, error) {
	var file struct {
		Recipes []yaml.Node `yaml:"recipes"`
	}
	if err := decodeKnown(text, &file); err != nil {
		return nil, err
	}
	if len(file.Recipes) == 0 {
		return nil, errors.New("it has no recipes: write recipes: [{site: HOST, reject: [{click: CSS}], …}]")
	}
	// Once more, as only the decoder of a whole file tells the lines.
	var whole struct {
		Recipes []recipeEntry `yaml:"recipes"`
	}
	if err := decodeKnown(text, &whole); err != nil {
		return nil, err
	}
	out := make([]Recipe, 0, len(whole.Recipes))
	for i := range whole.Recipes {
		r, err := whole.Recipes[i].recipe()
		if err != nil {
			return nil, fmt.Errorf("recipe %d (line %d): %w", i+1, file.Recipes[i].Line, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// decodeKnown reads a YAML file that must have no keys but those of out.
func decodeKnown(text []byte, out any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(out); err != nil && !errors.Is(err, io.EOF) {
		return errors.New(goType.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), ""))
	}
	return nil
}

func (e *recipeEntry) recipe() (Recipe, error) {
	r := Recipe{Site: strings.ToLower(e.Site), Recipe: consent.Recipe{Banner: e.Banner, Fallback: e.Fallback}}
	if rest := strings.TrimPrefix(r.Site, "*."); rest == "" || strings.ContainsAny(rest, "*/: ") {
		return r, fmt.Errorf("site %q: write a host, or *.example.org for a domain with every host below it", e.Site)
	}
	answers := 0
	for _, a := range []struct {
		name  string
		nodes []yaml.Node
		steps *[]consent.Step
	}{{"accept", e.Accept, &r.Accept}, {"reject", e.Reject, &r.Reject}, {"choose", e.Choose, &r.Choose}, {"withdraw", e.Withdraw, &r.Withdraw}} {
		clicks := 0
		for i := range a.nodes {
			s, err := recipeStep(&a.nodes[i])
			if err != nil {
				return r, fmt.Errorf("%s, line %d: %w", a.name, a.nodes[i].Line, err)
			}
			if s.Click != "" {
				clicks++
			}
			*a.steps = append(*a.steps, s)
		}
		if len(a.nodes) > 0 && clicks == 0 {
			return r, fmt.Errorf("%s: it clicks nothing", a.name)
		}
		answers += clicks
	}
	if answers == 0 && r.Banner == "" {
		return r, errors.New("it states neither a banner nor an answer")
	}
	return r, nil
}

// recipeStep reads a step, which is written like one of a login script.
func recipeStep(n *yaml.Node) (consent.Step, error) {
	s, err := parseStep(n)
	if err != nil {
		return consent.Step{}, err
	}
	out := consent.Step{Name: fmt.Sprintf("line %d (%s)", n.Line, &s), Click: s.Click}
	switch {
	case s.Navigate != "" || s.Fill != nil:
		return out, errors.New("a recipe's steps are click: CSS and wait: {selector: CSS}, {url: PATTERN} or {time: 2s}")
	case s.Wait != nil:
		out.Shown, out.Time = s.Wait.Selector, s.Wait.Time
		if pattern := s.Wait.URL; pattern != "" {
			out.Address = func(address string) bool { return fits(pattern, address) }
		}
	}
	return out, nil
}

// recipe is the first one that is for the site; nil where there is none.
func (c *Crawler) recipe(site evidence.Site) *consent.Recipe {
	for i := range c.c.Recipes {
		domain, below := strings.CutPrefix(c.c.Recipes[i].Site, "*.")
		if site.Host == domain || below && strings.HasSuffix(site.Host, "."+domain) {
			return &c.c.Recipes[i].Recipe
		}
	}
	return nil
}
