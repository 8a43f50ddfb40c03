package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
)

// Load reads a file. check, where it is not nil, looks at options beyond what
// this package can tell. Where the file was read, the error is of type Problems,
// with every mistake that was found.
func Load(name string, check func(Options) error) (*Config, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return Read(name, data, check)
}

// Read reads a file's content; name is what it is called in messages, and
// relative paths in it start at its folder.
func Read(name string, data []byte, check func(Options) error) (*Config, error) {
	f := file{
		Config: Config{
			Server: Server{Listen: DefaultListen, Drain: DefaultDrain},
			Delay:  DefaultDelay, Retries: DefaultRetries, SiteTimeout: DefaultSiteTimeout, Defaults: DefaultOptions(),
		},
		rules: rules.All(), check: check, listed: map[string]string{},
	}
	r := &reader{file: name, folder: filepath.Dir(name)}
	root, err := parse(data)
	if err != nil {
		return nil, Problems{syntaxProblem(name, err)}
	}
	if root != nil {
		r.object(root, "the file", f.fields())
		if d := valueOf(root, "defaults"); d != nil && len(r.problems) == 0 {
			f.checkOptions(r, d, f.Defaults)
		}
	}
	for _, do := range f.later {
		do()
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	f.Defaults.Suppressions = f.Suppressions
	for i := range f.Sites {
		f.Sites[i].Options.Suppressions = f.Suppressions
	}
	return &f.Config, nil
}

// parse returns the top of the one document in data; nil where it is empty.
func parse(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil //nolint:nilnil // an empty file says nothing, which is no error
	} else if err != nil {
		return nil, err
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		if err == nil {
			err = fmt.Errorf("yaml: line %d: a second document begins here: one is read", second.Line)
		}
		return nil, err
	}
	return doc.Content[0], nil
}

// yamlError fits the parser's messages.
var yamlError = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

func syntaxProblem(name string, err error) Problem {
	p := Problem{File: name, Message: "it is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
	if m := yamlError.FindStringSubmatch(err.Error()); m != nil {
		if line, err := strconv.Atoi(m[1]); err == nil {
			p.Line, p.Message = line, "it is not YAML: "+m[2]
		}
	}
	return p
}

// A suppression is an audit.Suppression while it is read.
type suppression struct{ audit.Suppression }

// fields are those of one suppression; without rules none is known.
func (s *suppression) fields(known func(string) error) []field {
	return []field{
		required(text("rule", "ID of the rule; cookieaudit rules lists them", &s.Rule, known)),
		text("site", "pattern of the site's domain or host; every site where it is left out", &s.Site, nil),
		text("subject", "pattern of what the finding is about, such as a cookie's name", &s.Subject, nil),
		required(text("reason", "why it is accepted", &s.Reason, notBlank)),
		required(text("owner", "who answers for that", &s.Owner, notBlank)),
		required(fitting(text("expires", "last day on which it holds, such as 2027-03-31", &s.Expires, checkDay), `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)),
	}
}

func notBlank(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("say something")
	}
	return nil
}

func checkDay(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return errors.New("write a day such as 2027-03-31")
	}
	return nil
}

func (f *file) readSuppression(r *reader, n *yaml.Node) {
	var s suppression
	r.object(n, "a suppression", s.fields(func(id string) error {
		var ids []string
		for _, rule := range f.rules {
			if rule.ID == id {
				return nil
			}
			ids = append(ids, rule.ID)
		}
		if best := nearest(id, ids); best != "" {
			return fmt.Errorf("there is no rule %q: did you mean %s?", clip(id), best)
		}
		return fmt.Errorf("there is no rule %q: cookieaudit rules lists them", clip(id))
	}))
	f.Suppressions = append(f.Suppressions, s.Suppression)
}
