package bundle

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// The files that a bundle is read back from.
const (
	scanName      = "scan.json"
	judgementName = "judgement.json"
	earlierName   = "earlier.json"
	picturesName  = "screenshots.json"
)

// earlierScans are the scans that policies are compared with.
type earlierScans struct {
	Earlier *evidence.Scan `json:"earlier"`
	Between *evidence.Scan `json:"between"`
}

// content writes everything but what seals the bundle.
func (w *writer) content(o Options, m *Manifest, r Record, c *evidence.Capture) error {
	scan := r.Scan
	bare, pictures := takePictures(scan)
	docs := []struct {
		name  string
		value any
	}{
		{scanName, bare},
		{judgementName, r.Judgement},
		{earlierName, earlierScans{r.Earlier, r.Between}},
		{"banner.json", scan.Banner},
		{"run.json", newRun(o, scan)},
		{"dns.json", newAddresses(scan, c)},
	}
	for _, d := range docs {
		if err := w.addJSON(d.name, d.value); err != nil {
			return err
		}
	}
	for _, v := range scan.Visits {
		if err := w.addJSON("har/"+string(v.Phase)+".har", newHAR(scan, v.Phase, c)); err != nil {
			return err
		}
	}
	for _, add := range []func() error{
		func() error { return w.events(c.Events) },
		func() error { return w.pictures(pictures) },
		func() error { return w.policies(c.Policies) },
		func() error { return w.certificates(c.Certificates) },
		func() error { return w.add("README.txt", readme(m, scan, r.Judgement)) },
	} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) addJSON(name string, value any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return w.add(name, b.Bytes())
}

// events writes one JSON object on each line (https://github.com/ndjson/ndjson-spec).
func (w *writer) events(events []evidence.Event) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i := range events {
		if err := e.Encode(&events[i]); err != nil {
			return fmt.Errorf("encode the events: %w", err)
		}
	}
	return w.add("events.ndjson", b.Bytes())
}

// A picture is a screenshot that lies in a file of its own.
type picture struct {
	Phase  evidence.Phase `json:"phase"`
	Stage  string         `json:"stage"`
	AtMS   int64          `json:"at_ms"`
	File   string         `json:"file"`
	SHA256 string         `json:"sha256"`
	png    []byte
}

// takePictures returns the scan without its pictures, and these in their order.
func takePictures(scan *evidence.Scan) (*evidence.Scan, []picture) {
	bare := *scan
	bare.Visits = slices.Clone(scan.Visits)
	pictures := []picture{}
	for i := range bare.Visits {
		v := &bare.Visits[i]
		v.Screenshots = slices.Clone(v.Screenshots)
		for k := range v.Screenshots {
			s := &v.Screenshots[k]
			pictures = append(pictures, picture{
				Phase: s.Phase, Stage: s.Stage, AtMS: s.AtMS, File: fmt.Sprintf("screenshots/%03d.png", len(pictures)+1), SHA256: sum(s.PNG), png: s.PNG,
			})
			s.PNG = nil
		}
	}
	return &bare, pictures
}

func (w *writer) pictures(pictures []picture) error {
	for _, p := range pictures {
		if err := w.add(p.File, p.png); err != nil {
			return err
		}
	}
	return w.addJSON(picturesName, pictures)
}

// policies writes the documents as they came.
func (w *writer) policies(copies []evidence.PolicyCopy) error {
	type row struct {
		File  string `json:"file"`
		Bytes int    `json:"bytes"`
		evidence.PolicyCopy
	}
	rows := []row{}
	for i, c := range copies {
		name := fmt.Sprintf("policies/%03d.bin", i+1)
		if err := w.add(name, c.Body); err != nil {
			return err
		}
		rows = append(rows, row{name, len(c.Body), c})
	}
	return w.addJSON("policies.json", rows)
}

// certificates writes each chain once, and which origins showed it.
func (w *writer) certificates(chains []evidence.CertificateChain) error {
	type row struct {
		Origin string           `json:"origin"`
		Phases []evidence.Phase `json:"phases"`
		File   string           `json:"file"`
		SHA256 []string         `json:"sha256"` // of each certificate's DER form
	}
	rows := []row{}
	files := map[string]string{}
	for _, c := range chains {
		var text []byte
		var hashes []string
		for _, der := range c.DER {
			text = append(text, certificatePEM(der)...)
			hashes = append(hashes, sum(der))
		}
		key := strings.Join(hashes, " ")
		name, known := files[key]
		if !known {
			name = fmt.Sprintf("certificates/%03d.pem", len(files)+1)
			files[key] = name
			if err := w.add(name, text); err != nil {
				return err
			}
		}
		at := slices.IndexFunc(rows, func(r row) bool { return r.Origin == c.Origin && r.File == name })
		if at < 0 {
			rows = append(rows, row{Origin: c.Origin, File: name, SHA256: hashes})
			at = len(rows) - 1
		}
		rows[at].Phases = append(rows[at].Phases, c.Phase)
	}
	return w.addJSON("certificates.json", struct {
		How    string `json:"how"`
		Chains []row  `json:"chains"`
	}{"As the browser knew them of its own connections (Network.getCertificate). Protocol and cipher of each exchange stand in the HAR files, as _tls.", rows})
}

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// addresses are what the browser was connected to.
type addresses struct {
	How   string        `json:"how"`
	Hosts []hostAddress `json:"hosts"`
	// Answers are those of the name server that the scan asked for aliases; nil
	// where it asked none.
	Answers *evidence.DNS `json:"answers"`
}

type hostAddress struct {
	Host      string           `json:"host"`
	Addresses []string         `json:"addresses"`
	Phases    []evidence.Phase `json:"phases"`
}

func newAddresses(scan *evidence.Scan, c *evidence.Capture) addresses {
	a := addresses{
		How: "The addresses that the browser was connected to for each host, as it told them with the answers (remoteIPAddress). " +
			"No name server was asked for these: with --resolve they are what that says, and with a proxy they are the proxy's.",
		Hosts: []hostAddress{}, Answers: scan.DNS,
	}
	if scan.Start != nil && scan.Start.Proxy != "" {
		a.How += " This scan went through a proxy."
	}
	for i := range c.Exchanges {
		x := &c.Exchanges[i]
		u, err := url.Parse(x.URL)
		if err != nil || x.Address == "" {
			continue
		}
		host := strings.ToLower(u.Hostname())
		at, found := slices.BinarySearchFunc(a.Hosts, host, func(h hostAddress, host string) int { return cmp.Compare(h.Host, host) })
		if !found {
			a.Hosts = slices.Insert(a.Hosts, at, hostAddress{Host: host})
		}
		h := &a.Hosts[at]
		if !slices.Contains(h.Addresses, x.Address) {
			h.Addresses = append(h.Addresses, x.Address)
		}
		if !slices.Contains(h.Phases, x.Phase) {
			h.Phases = append(h.Phases, x.Phase)
		}
	}
	return a
}

// A run is with what a bundle was made.
type run struct {
	Tool     evidence.Tool      `json:"tool"`
	Browser  evidence.Tool      `json:"browser"`
	Datasets []evidence.Dataset `json:"datasets"`
	// Command is the command line, without secrets.
	Command  []string  `json:"command"`
	Platform string    `json:"platform"`
	Clock    clock     `json:"clock"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	Settle   string    `json:"settle"`
	Values   string    `json:"values"`
}

// A clock is where moments come from.
type clock struct {
	Source string `json:"source"`
	// Synchronized is what the kernel says of its own clock; nil where it does not
	// say.
	Synchronized *bool  `json:"kernel_says_synchronized"`
	Page         string `json:"page"`
}

func newRun(o Options, scan *evidence.Scan) run {
	page := "real time"
	if scan.Settle == "virtual" {
		page = "virtual time: the page's clock runs ahead of the machine's while a page comes to rest, so that at_ms counts more than the time that passed"
	}
	command := o.Command
	if command == nil {
		command = []string{}
	}
	return run{
		Tool: scan.Tool, Browser: scan.Browser, Datasets: scan.Datasets, Command: command, Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Clock:   clock{Source: "the machine's own clock, in UTC; it was compared with no other", Synchronized: synchronized(), Page: page},
		Started: scan.Started, Finished: scan.Finished, Settle: scan.Settle, Values: valueWord(scan),
	}
}

func valueWord(scan *evidence.Scan) string {
	if scan.ValuesKept {
		return "kept"
	}
	return "hashed"
}

// valueRule says what the bundle holds of values.
func valueRule(scan *evidence.Scan) string {
	if scan.ValuesKept {
		return "VALUES ARE KEPT: those of cookies, storage and heads stand here as they were, and can name persons. What the user of the tool gave is masked."
	}
	return "Values of cookies, and of heads that can hold one, are replaced by their SHA-256."
}
