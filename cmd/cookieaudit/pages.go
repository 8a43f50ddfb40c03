package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/crawler"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// robotsModes are what can be done about robots.txt, the default first.
func robotsModes() []string { return []string{"ignore", "honour"} }

// pageFlags say which pages of a site are visited.
func pageFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{
			Name: "pages", Value: defaultPages,
			Usage: "visit up to `N` pages beside the landing page in each phase: of its links, then of the sitemap, one of each kind first",
		},
		&cli.StringSliceFlag{Name: "page", Usage: "visit the page `URL|PATH` of the site too; others are then chosen only with --pages"},
		&cli.StringSliceFlag{Name: "include", Usage: "choose only pages whose path fits `PATTERN`, such as /news/* (* stands for any characters)"},
		&cli.StringSliceFlag{Name: "exclude", Usage: "choose no page whose path fits `PATTERN`"},
		&cli.StringFlag{
			Name: "robots", Value: robotsModes()[0],
			Usage: "`MODE` ignore notes what robots.txt disallows, honour does not choose it (pages that you name are visited all the same)",
		},
	}
}

// pageSelection reads pageFlags into how many pages are chosen and which.
func pageSelection(cmd *cli.Command, sites []evidence.Site) (n int, s crawler.Select, err error) {
	if n = cmd.Int("pages"); n < 0 {
		return n, s, usagef(cmd, "--pages %d: it is 0 or more", n)
	}
	mode := cmd.String("robots")
	if err := oneOf(cmd, "robots", mode, robotsModes()); err != nil {
		return n, s, err
	}
	s.HonourRobots = mode == "honour"
	for _, f := range []struct {
		name string
		into *[]discover.Pattern
	}{{"include", &s.Include}, {"exclude", &s.Exclude}} {
		for _, text := range cmd.StringSlice(f.name) {
			p, err := discover.ParsePattern(text)
			if err != nil {
				return n, s, usagef(cmd, "--%s %q: %w", f.name, text, err)
			}
			*f.into = append(*f.into, p)
		}
	}
	for _, page := range cmd.StringSlice("page") {
		if err := checkPage(page, sites); err != nil {
			return n, s, usagef(cmd, "--page %s: %w", page, err)
		}
		s.Named = append(s.Named, page)
	}
	if len(s.Named) > 0 && !cmd.IsSet("pages") {
		n = 0
	}
	return n, s, nil
}

// checkPage refuses a page that no scanned site has.
func checkPage(page string, sites []evidence.Site) error {
	if strings.HasPrefix(page, "/") && !strings.HasPrefix(page, "//") {
		return nil
	}
	if u, err := url.Parse(page); err != nil || u.Scheme == "" {
		return fmt.Errorf("write an address that begins with https://, or a path that begins with /")
	}
	at, err := discover.ParseSite(page)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(sites, func(s evidence.Site) bool { return s.Domain == at.Domain }) {
		return fmt.Errorf("%s is no page of a site that is scanned", at.Domain)
	}
	return nil
}
