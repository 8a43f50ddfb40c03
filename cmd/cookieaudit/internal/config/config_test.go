package config_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xeipuuv/gojsonschema"
	"go.yaml.in/yaml/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/crawler/evidence"
)

var update = flag.Bool("update", false, "write the golden files anew")

func read(t *testing.T, text string) (*config.Config, config.Problems) {
	t.Helper()
	c, err := config.Read("cookieaudit.yaml", []byte(text), nil)
	var ps config.Problems
	if err != nil && !errors.As(err, &ps) {
		t.Fatalf("an error of another kind: %v", err)
	}
	return c, ps
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, ps := read(t, "")
	if ps != nil {
		t.Fatal(ps)
	}
	want := &config.Config{
		Server: config.Server{Listen: "127.0.0.1:8080", Drain: 30 * time.Second},
		Delay:  5 * time.Second, Retries: 3, SiteTimeout: 10 * time.Minute,
		Defaults: config.Options{
			Profile: "eu", Pages: 2, PageTimeout: 30 * time.Second, Settle: "virtual",
			Phases: []evidence.Phase{"before", "reject", "accept", "close"},
		},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

// The example names every key that there is, and reads as it says.
func TestExample(t *testing.T) {
	t.Parallel()
	c, ps := read(t, string(config.Example()))
	if ps != nil {
		t.Fatal(ps)
	}
	staging := c.Sites[1]
	if len(c.Sites) != 2 || len(c.Schedules) != 2 || len(c.Alerts) != 3 || len(c.Suppressions) != 1 ||
		c.Keep != 400*24*time.Hour || staging.Options.Pages != 2 || !staging.Options.Insecure || c.Sites[0].Options.Insecure {
		t.Errorf("%+v", c)
	}
	raw, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	walk(schema, func(key string) {
		if !strings.Contains(string(config.Example()), key+":") {
			t.Errorf("the example does not name %s", key)
		}
	})
}

// walk visits the name of every property of a schema.
func walk(v any, visit func(string)) {
	switch v := v.(type) {
	case map[string]any:
		if props, ok := v["properties"].(map[string]any); ok {
			for k := range props {
				visit(k)
			}
		}
		for _, x := range v {
			walk(x, visit)
		}
	case []any:
		for _, x := range v {
			walk(x, visit)
		}
	}
}

// mistakes are files with what is said of them. schema says that the JSON
// Schema refuses the file too.
var mistakes = []struct {
	name, text string
	want       []string
	schema     bool
}{
	{"unknown key", "shedules: {}\n", []string{`1:1: the file has no key "shedules": did you mean schedules?`}, true},
	{"far from any key", "colour: red\n", []string{`1:1: the file has no key "colour": use database, server, parallel, `}, true},
	{"twice", "keep: 400d\nkeep: 30d\n", []string{"2:1: keep is there twice: it is in line 1 already"}, false},
	{"no unit", "delay: 5\n", []string{"1:8: delay is a number: write a time with its unit such as 30s, 5m, 12h or 400d, in quotes"}, true},
	{"no such unit", "keep: 2y\n", []string{`1:7: keep "2y": write a time with its unit`}, true},
	{"short", "keep: 1h\n", []string{`1:7: keep "1h": it is at least 24h0m0s`}, false},
	{"a text for a number", "parallel: two\n", []string{"1:11: parallel is a text: write a whole number from 1 to 64"}, true},
	{"too many", "parallel: 1000\n", []string{"1:11: parallel 1000: write a whole number from 1 to 64"}, true},
	{"a text for a flag", "server: {allow_private: yes please}\n", []string{"1:25: allow_private is a text: write true or false"}, true},
	{"listen", "server: {listen: 8080}\n", []string{"1:18: listen is a number: write a text, in quotes"}, true},
	{"no port", "server: {listen: example.org}\n", []string{"1:18: listen: write HOST:PORT such as 127.0.0.1:8080"}, false},
	{"a name to listen at", "server: {listen: 'example.org:80'}\n", []string{`1:18: listen: "example.org" is no address of this machine`}, false},
	{"empty list", "sites:\n", []string{"1:7: sites is empty: write a list, each entry behind a dash, or leave the key out"}, true},
	{"not a list", "sites: {url: https://example.org}\n", []string{"1:8: sites is a mapping: write a list, each entry behind a dash"}, true},
	{"a site that is a text", "sites: [https://example.org]\n", []string{"1:9: a site is a text: write keys with values"}, true},
	{"no address", "sites: [{name: x}]\n", []string{"1:9: a site lacks url"}, false},
	{"bad address", "sites: [{url: 'ftp://example.org'}]\n", []string{"1:15: url: read site"}, false},
	{"same site", "sites:\n- url: example.org\n- url: https://EXAMPLE.org/\n", []string{"3:8: https://example.org/ is there twice: cookieaudit.yaml:2 names it already"}, false},
	{"no such schedule", "schedules: {nightly: {cron: '@daily'}}\nsites: [{url: example.org, schedule: nightley}]\n", []string{`2:38: there is no schedule "nightley": did you mean nightly?`}, false},
	{"no schedules at all", "sites: [{url: example.org, schedule: [nightly]}]\n", []string{`there is no schedule "nightly": write it under schedules`}, false},
	{"bad cron", "schedules:\n  nightly:\n    cron: 99 2 * * *\n", []string{`3:11: cron: cron "99 2 * * *" cannot be read: write five fields`}, false},
	{"six fields", "schedules: {n: {cron: '0 0 2 * * *'}}\n", []string{"cannot be read: write five fields"}, false},
	{"every", "schedules: {n: {cron: '@every 6h'}}\n", []string{"has no fixed times: write '0 */6 * * *'"}, false},
	{"zone in cron", "schedules: {n: {cron: 'CRON_TZ=UTC 0 0 * * *'}}\n", []string{"write the time zone as zone"}, false},
	{"no such day", "schedules: {n: {cron: '0 0 31 2 *'}}\n", []string{"1:16: cron \"0 0 31 2 *\" never comes"}, false},
	{"bad zone", "schedules: {n: {cron: '@daily', zone: Vienna}}\n", []string{`1:39: zone: zone "Vienna" is not known: write a name of the IANA list`}, false},
	{"zone of the machine", "schedules: {n: {cron: '@daily', zone: Local}}\n", []string{"write a name of the IANA list"}, false},
	{"jitter too long", "schedules: {n: {cron: '0 * * * *', jitter: 1h}}\n", []string{"jitter 1h0m0s is as long as the time between two slots (1h0m0s)"}, false},
	{"cron missing", "schedules: {n: {zone: UTC}}\n", []string{"1:16: schedule n lacks cron: five fields"}, true},
	{"name of a schedule", "schedules: {'Every Night': {cron: '@daily'}}\n", []string{`1:13: a schedule cannot be called "Every Night"`}, true},
	{"unknown phase", "defaults: {phases: [before, refuse]}\n", []string{`1:29: phases "refuse": use before`}, true},
	{"no phase", "defaults: {phases: []}\n", []string{"phases is empty"}, false},
	{"choose what", "defaults: {phases: [choose]}\n", []string{"the phase choose needs choose"}, false},
	{"choose without its phase", "defaults: {choose: [analytics]}\n", []string{"choose names categories, but phases does not hold choose"}, false},
	{"unknown profile", "defaults: {profile: eurpoe}\n", []string{`1:21: profile "eurpoe": use eu, fr`}, false},
	{"unknown rule", "suppressions: [{rule: UNDECLARED_COOKIES, reason: r, owner: o, expires: 2027-03-31}]\n", []string{`1:23: rule: there is no rule "UNDECLARED_COOKIES": did you mean UNDECLARED_COOKIE?`}, false},
	{"no reason", "suppressions: [{rule: UNDECLARED_COOKIE, owner: o, expires: 2027-03-31}]\n", []string{"1:16: a suppression lacks reason"}, true},
	{"no day", "suppressions: [{rule: UNDECLARED_COOKIE, reason: r, owner: o, expires: soon}]\n", []string{"expires: write a day such as 2027-03-31"}, true},
	{"pattern", "defaults: {include: [news]}\n", []string{"1:22: include: a pattern begins with / or *"}, false},
	{"password of a database", "database: postgres://audit:hush@db/audit\n", []string{"1:11: database: a password does not belong in this file: write ${ENV:NAME}"}, false},
	{"other database", "database: mysql://db/audit\n", []string{"mysql:// is not known"}, false},
	{"password of a proxy", "defaults: {proxy: 'http://me:hush@proxy:3128'}\n", []string{"a password does not belong in this file"}, false},
	{"secret header", "defaults: {headers: ['Authorization: Bearer hush']}\n", []string{"1:22: headers: the value is a secret: write env:NAME"}, false},
	{"secret cookie", "defaults: {cookies: ['sid=hush; Path=/']}\n", []string{"cookies: the value is a secret"}, false},
	{"slack in clear", "alerts: [{kind: slack, url: 'https://slack.example/hush'}]\n", []string{"1:10: url of slack is a secret: write ${ENV:NAME}"}, false},
	{"a key for its name", "alerts: [{kind: webhook, url: 'https://a.example', secret_env: 'hush/hush'}]\n", []string{"write the name of an environment variable, not its value"}, true},
	{"unknown kind", "alerts: [{kind: pager, url: 'https://a.example'}]\n", []string{`1:17: kind "pager": use webhook, smtp or slack`}, true},
	{"mail without anybody", "alerts: [{kind: smtp, url: 'smtp://mail.example:25'}]\n", []string{"mail needs from and to"}, false},
	{"no address for mail", "alerts: [{kind: smtp, url: 'smtp://mail.example:25', from: me, to: you@example.org}]\n", []string{"from: write an address such as"}, false},
	{"alias", "defaults: &d {pages: 3}\nsites: [{url: example.org, options: *d}]\n", []string{"2:37: options is an alias (*d): write its value out"}, false},
	{"no YAML", "sites: [\n", []string{"it is not YAML"}, false},
	{"two documents", "keep: 30d\n---\nkeep: 40d\n", []string{"a second document begins here"}, false},
	{"no such list", "sites: [{list: missing.txt}]\n", []string{"1:16: open missing.txt: no such file"}, false},
	{"all at once", "parallel: 0\ndelay: x\nsites: [{urll: example.org}]\n", []string{"1:11: parallel 0", "2:8: delay \"x\"", `3:10: a site has no key "urll": did you mean url?`}, true},
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, tt := range mistakes {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, ps := read(t, tt.text)
			if len(ps) < len(tt.want) {
				t.Fatalf("got %d problems: %v", len(ps), ps)
			}
			for _, w := range tt.want {
				if !strings.Contains(ps.Error(), w) {
					t.Errorf("got  %v\nwant %s", ps, w)
				}
			}
			if strings.Contains(ps.Error(), "hush") {
				t.Errorf("a secret is repeated: %v", ps)
			}
		})
	}
}

// What the schema refuses the reader refuses, and what the reader takes the
// schema takes.
func TestSchema(t *testing.T) {
	t.Parallel()
	raw, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/schema.golden.json", raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("testdata/schema.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), string(raw)); diff != "" {
		t.Errorf("the schema has changed (-golden +now):\n%s", diff)
	}
	schema, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(raw))
	if err != nil {
		t.Fatal(err)
	}
	accepts := func(text string) bool {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		res, err := schema.Validate(gojsonschema.NewGoLoader(plain(&doc)))
		if err != nil {
			t.Fatal(err)
		}
		return res.Valid()
	}
	for _, tt := range mistakes {
		if tt.schema && accepts(tt.text) {
			t.Errorf("%s: the schema takes %s", tt.name, tt.text)
		}
	}
	for _, text := range append(correct, string(config.Example())) {
		if _, ps := read(t, text); ps != nil {
			t.Errorf("%s\n%v", text, ps)
		}
		if !accepts(text) {
			t.Errorf("the schema refuses %s", text)
		}
	}
}

// plain is what a JSON parser would make of a node.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		l := []any{}
		for _, c := range n.Content {
			l = append(l, plain(c))
		}
		return l
	}
	if n.Tag == "!!timestamp" {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		panic(err)
	}
	return v
}

var correct = []string{
	"keep: 1w3d12h\n",
	"sites: [{url: example.org}]\n",
	"schedules: {n: {cron: '*/15 * * * *', jitter: 14m}}\nsites: [{url: example.org, schedule: n}, {url: 'https://example.net/de/', schedule: [n]}]\n",
	"database: postgres://audit:${ENV:PGPASSWORD}@db/audit?sslmode=verify-full\n",
	"database: postgres://audit@db/audit\n",
	"alerts: [{kind: slack, url: 'env:SLACK'}]\n",
	"defaults: {headers: 'X-Staging: 1'}\n",
	"suppressions: [{rule: UNDECLARED_COOKIE, reason: r, owner: o, expires: '2027-03-31'}]\n",
	"server: {listen: ':8080', allow_private: true, drain: 0s}\n",
}

func TestFilesOfSites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "sites.txt", "\ufeff# ours\nexample.org\n\nhttps://example.net/de/\n")
	write(t, dir, "sites.csv", "URL,Name,schedule,group\nexample.com,\"Shop, main\",hourly nightly,shops\nexample.edu,,,\n")
	write(t, dir, "cookieaudit.yaml", `
schedules: {nightly: {cron: "@daily"}, hourly: {cron: "@hourly"}}
defaults: {pages: 7, login: login.yaml}
sites:
- {list: sites.txt, group: listed, schedule: nightly}
- {csv: sites.csv, schedule: nightly, options: {pages: 1}}
`)
	c, err := config.Load(filepath.Join(dir, "cookieaudit.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		URL, Name, Group string
		Schedules        []string
		Pages            int
	}
	var got []row
	for _, s := range c.Sites {
		got = append(got, row{s.URL, s.Name, s.Group, s.Schedules, s.Options.Pages})
		if s.Options.Login != filepath.Join(dir, "login.yaml") {
			t.Errorf("login is %s", s.Options.Login)
		}
	}
	want := []row{
		{"https://example.org/", "", "listed", []string{"nightly"}, 7},
		{"https://example.net/de/", "", "listed", []string{"nightly"}, 7},
		{"https://example.com/", "Shop, main", "shops", []string{"hourly", "nightly"}, 1},
		{"https://example.edu/", "", "", []string{"nightly"}, 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	write(t, dir, "sites.txt", "example.org\nftp://x\nexample.org\n")
	write(t, dir, "sites.csv", "url,schedule\nexample.com,nightley\nexample.org,\na,b,c\n")
	_, err = config.Load(filepath.Join(dir, "cookieaudit.yaml"), nil)
	for _, want := range []string{
		"sites.txt:2: read site", "sites.txt:3: https://example.org/ is there twice", `sites.csv:2:13: there is no schedule "nightley": did you mean nightly?`,
		"sites.csv:3:1: https://example.org/ is there twice", "sites.csv:4:1: wrong number of fields",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not said: %v", want, err)
		}
	}
	write(t, dir, "sites.csv", "address,name\n")
	if _, err = config.Load(filepath.Join(dir, "cookieaudit.yaml"), nil); err == nil || !strings.Contains(err.Error(), `sites.csv:1: there is no column "address": use url, name, group or schedule`) {
		t.Error(err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	var seen []int
	_, err := config.Read("x.yaml", []byte("defaults: {pages: 4}\nsites: [{url: example.org, options: {pages: 5}}]\n"), func(o config.Options) error {
		seen = append(seen, o.Pages)
		return errors.New("not so")
	})
	if want := "x.yaml:1:11: not so\nx.yaml:2:37: not so"; err == nil || err.Error() != want || !slices.Equal(seen, []int{4, 5}) {
		t.Errorf("%v, looked at %v", err, seen)
	}
}

func TestSuppressions(t *testing.T) {
	t.Parallel()
	c, ps := read(t, "suppressions: [{rule: UNDECLARED_COOKIE, site: '*.example.org', subject: 'lb*', reason: known, owner: a team, expires: 2027-03-31}]")
	want := []audit.Suppression{{
		Rule: "UNDECLARED_COOKIE", Site: "*.example.org", Subject: "lb*",
		Acceptance: audit.Acceptance{Reason: "known", Owner: "a team", Expires: "2027-03-31"},
	}}
	if ps != nil || !cmp.Equal(want, c.Suppressions) {
		t.Errorf("%+v %v", c, ps)
	}
}

// No content makes the reader panic, and what it refuses it says where.
func FuzzRead(f *testing.F) {
	f.Add(string(config.Example()))
	for _, tt := range mistakes {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.Read("f.yaml", []byte(text), nil)
		if (c == nil) == (err == nil) {
			t.Fatalf("%v, %v", c, err)
		}
	})
}
