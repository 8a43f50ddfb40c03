package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// maxListLine bounds a line of a URL list; no browser takes longer addresses.
const maxListLine = 2 << 20 // bytes

// readTargets returns the sites of the arguments and then those of the lists
// ("-" is stdin, which only one of them can be), each once. Every address that cannot
// be read is named in the error.
func readTargets(args, lists []string, stdin io.Reader) ([]evidence.Site, error) {
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
	for i, list := range lists {
		if list == "-" && slices.Contains(lists[:i], "-") {
			return nil, errors.New("stdin can be read as one list only")
		}
		lines, err := readList(list, stdin)
		if err != nil {
			return nil, err
		}
		for n, l := range lines {
			if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
				add(l, fmt.Sprintf("%s line %d: ", list, n+1))
			}
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
