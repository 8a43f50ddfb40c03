package purpose

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"cookieaudit/crawler/evidence"
)

// The files that audit/purpose/generate makes of public data.
//
//go:embed data/cookies.tsv
var cookiesFile []byte

//go:embed data/hosts.tsv
var hostsFile []byte

// readTSV reads a generated file: "# key: value" lines, a line of column names,
// and rows of as many fields.
func readTSV(data []byte) (evidence.Dataset, [][]string, error) {
	var f file
	var rows [][]string
	columns := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if comment, ok := strings.CutPrefix(line, "# "); ok {
			key, value, _ := strings.Cut(comment, ": ")
			switch key {
			case "dataset":
				f.Dataset = value
			case "version":
				f.Version = value
			case "licence":
				f.Licence = value
			}
			continue
		}
		fields := strings.Split(line, "\t")
		switch {
		case columns == 0:
			columns = len(fields)
		case len(fields) != columns:
			return evidence.Dataset{}, nil, fmt.Errorf("%s: a row has %d fields instead of %d: %q", f.Dataset, len(fields), columns, line)
		default:
			rows = append(rows, fields)
		}
	}
	if f.Dataset == "" || f.Version == "" || f.Licence == "" || !bytes.HasSuffix(data, []byte("\n")) {
		return evidence.Dataset{}, nil, errors.New("a generated file names its data set, version and licence and ends with a line")
	}
	return digest(&f, data, f.Dataset), rows, nil
}

// addDatabase reads the cookie database.
func (c *Classifier) addDatabase() error {
	d, rows, err := readTSV(cookiesFile)
	if err != nil {
		return err
	}
	c.datasets = append(c.datasets, d)
	c.database, c.databaseSet = newDatabase(rows), d
	return nil
}

// addHosts adds organisations of the public list for hosts of which our own
// list says nothing.
func (c *Classifier) addHosts() error {
	d, rows, err := readTSV(hostsFile)
	if err != nil {
		return err
	}
	c.datasets = append(c.datasets, d)
	added := map[string]*organisation{}
	for _, r := range rows {
		company, product := r[0], r[1]
		o := &organisation{Name: product, listed: true}
		if company != product {
			o.Aliases = []string{company}
		}
		o.Category, o.Class = listedCategory(r[2])
		for _, h := range strings.Fields(r[3]) {
			if c.organisationOf(h) == nil {
				added[h] = o
			}
		}
	}
	for h, o := range added {
		c.hosts[h] = o
	}
	return nil
}

// listedCategory reads the public list's categories. What serves any purpose,
// or shows content of its own, says nothing of what is stored.
func listedCategory(s string) (evidence.Category, string) {
	switch s {
	case "ad":
		return evidence.Marketing, "advertising"
	case "social":
		return evidence.Marketing, "social"
	case "marketing":
		return evidence.Marketing, "marketing automation"
	case "analytics":
		return evidence.Analytics, "analytics"
	case "customer-success":
		return evidence.Functional, "chat"
	case "consent-provider":
		return evidence.Necessary, "consent"
	case "tag-manager":
		return evidence.UnknownCategory, "tag manager"
	case "cdn":
		return evidence.UnknownCategory, "delivery network"
	case "hosting":
		return evidence.UnknownCategory, "hosting"
	}
	return evidence.UnknownCategory, "content"
}
