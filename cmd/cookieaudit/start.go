package main

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/crawler"
	"cookieaudit/crawler/browser"
)

const valueHelp = "a value can be env:NAME or @FILE, or hold ${ENV:NAME} or ${FILE:PATH}"

// startFlags say in which state every visit begins.
func startFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name:  "cookie",
			Usage: "begin with `COOKIE` 'name=value; Domain=…', or with those of @FILE (cookies.txt or JSON); " + valueHelp,
		},
		&cli.StringSliceFlag{
			Name:  "header",
			Usage: "send `HEADER` 'Name: value' to the site's own registrable domain and to no other; " + valueHelp,
		},
		&cli.StringFlag{Name: "storage", Usage: "begin with the web storage in `FILE` (JSON: origin → localStorage, sessionStorage)", TakesFile: true},
		&cli.StringFlag{Name: "login", Usage: "run the steps in `FILE` (YAML: navigate, fill, click, wait) before each visit's landing page", TakesFile: true},
		&cli.StringFlag{Name: "locale", Usage: "visit in the language `TAG`, such as de-AT"},
		&cli.StringFlag{Name: "timezone", Usage: "visit in time `ZONE`, such as Europe/Vienna"},
		&cli.StringFlag{Name: "geolocation", Usage: "tell sites that ask the position `LAT,LON` in degrees"},
		&cli.StringFlag{Name: "device", Usage: "visit with `DEVICE`: " + strings.Join(browser.DeviceNames(), ", ")},
		&cli.StringFlag{Name: "user-agent", Usage: "send `TEXT` as the user agent"},
		&cli.StringFlag{Name: "proxy", Usage: "connect through `URL` (http, https, socks5); user and password as ${ENV:NAME} or ${FILE:PATH}"},
		&cli.BoolFlag{Name: "gpc", Usage: "send Global Privacy Control in every phase"},
		&cli.BoolFlag{Name: "dnt", Usage: "send Do Not Track in every phase"},
	}
}

// startState reads startFlags. With several sites, what is one site's must say
// whose it is.
func startState(cmd *cli.Command, sites int) (crawler.Start, error) {
	r := startReader{sites: sites}
	r.Locale, r.Timezone, r.UserAgent, r.Device = cmd.String("locale"), cmd.String("timezone"), cmd.String("user-agent"), cmd.String("device")
	r.GPC, r.DNT = cmd.Bool("gpc"), cmd.Bool("dnt")
	given := startValues{
		cookies: cmd.StringSlice("cookie"), headers: cmd.StringSlice("header"), storage: cmd.String("storage"), login: cmd.String("login"),
		geolocation: cmd.String("geolocation"), proxy: cmd.String("proxy"),
	}
	for _, flag := range []string{"storage", "login", "geolocation", "proxy"} {
		if cmd.IsSet(flag) && cmd.String(flag) == "" {
			return r.Start, usagef(cmd, "--%s: it is empty", flag)
		}
	}
	if flag, err := r.readAll(given); err != nil {
		return r.Start, usagef(cmd, "--%s: %w", flag, err)
	}
	return r.Start, nil
}

// startValues are the values of startFlags that have to be read; what is empty
// is not asked for.
type startValues struct {
	cookies, headers                   []string
	storage, login, geolocation, proxy string
}

// readAll reads values; where one cannot be read it says which. The error does
// not repeat the value: it may be a secret.
func (r *startReader) readAll(given startValues) (what string, err error) {
	for _, f := range []struct {
		name   string
		values []string
		read   func(string) error
	}{
		{"cookie", given.cookies, r.cookie},
		{"header", given.headers, r.header},
		{"storage", nonEmpty(given.storage), r.storage},
		{"login", nonEmpty(given.login), r.login},
		{"geolocation", nonEmpty(given.geolocation), r.geolocation},
		{"proxy", nonEmpty(given.proxy), r.proxy},
	} {
		for _, v := range f.values {
			if err := f.read(v); err != nil {
				return f.name, err
			}
		}
	}
	return "", nil
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// A startReader turns values of flags into a start state.
type startReader struct {
	crawler.Start
	sites int
}

func (r *startReader) header(text string) error {
	name, value, ok := strings.Cut(text, ":")
	if !ok {
		return errors.New("write it like 'Name: value'")
	}
	value, err := expandWord(strings.TrimSpace(value))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	r.Headers = append(r.Headers, browser.Header{Name: strings.TrimSpace(name), Value: value})
	return nil
}

func (r *startReader) geolocation(text string) error {
	lat, lon, ok := strings.Cut(text, ",")
	p := browser.Position{}
	var err1, err2 error
	p.Latitude, err1 = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p.Longitude, err2 = strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !ok || err1 != nil || err2 != nil {
		return fmt.Errorf("%q is no position: write it like 48.2,16.37", text)
	}
	r.Position = &p
	return nil
}

func (r *startReader) proxy(text string) error {
	text, _, err := expand(text, func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") })
	if err != nil {
		return err
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	// The error of a parser repeats the address, and with it the password.
	if r.Proxy, err = url.Parse(text); err != nil {
		return errors.New("it is not an address: write it like http://proxy.example:3128")
	}
	return nil
}

func (r *startReader) login(name string) error {
	script, err := readSmallFile(name)
	if err != nil {
		return err
	}
	fill := func(text string) (string, bool, error) { return expand(text, asItIs) }
	if r.Login, err = crawler.ParseLogin(script, fill); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
