package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// maxListLine bounds a line of a URL list; no browser takes longer addresses.
const maxListLine = 2 << 20 // bytes

// readTargets returns the sites of the arguments and then those of the list
// file ("-" is stdin, "" is none), each once. Every address that cannot be read
// is named in the error.
func readTargets(args []string, list string, stdin io.Reader) ([]evidence.Site, error) {
	var lines []string
	if list != "" {
		var err error
		if lines, err = readList(list, stdin); err != nil {
			return nil, err
		}
	}
	var sites []evidence.Site
	var problems []error
	seen := map[string]bool{}
	add := func(raw, where string) {
		site, err := discover.ParseSite(raw)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s%w", where, err))
			return
		}
		if !seen[site.URL] {
			seen[site.URL] = true
			sites = append(sites, site)
		}
	}
	for _, a := range args {
		add(a, "")
	}
	for i, l := range lines {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
			add(l, fmt.Sprintf("%s line %d: ", list, i+1))
		}
	}
	return sites, errors.Join(problems...)
}

func readList(name string, stdin io.Reader) ([]string, error) {
	r := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read the list of sites: %w", err)
		}
		defer f.Close()
		r = f
	}
	var lines []string
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxListLine)
	for sc.Scan() {
		lines = append(lines, strings.TrimPrefix(sc.Text(), "\ufeff"))
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("read the list of sites %s: %w", name, err)
	}
	return lines, nil
}
