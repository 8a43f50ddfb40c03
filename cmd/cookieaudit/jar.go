package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cookieaudit/crawler/browser"
)

// cookie reads one cookie, "name=value; Domain=…" as Set-Cookie has it, or those
// of a file.
func (r *startReader) cookie(text string) error {
	if name, ok := strings.CutPrefix(text, "@"); ok {
		body, err := readSmallFile(name)
		if err != nil {
			return err
		}
		all, err := parseCookies(body)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r.Cookies = append(r.Cookies, all...)
		return nil
	}
	pair, attributes, _ := strings.Cut(text, ";")
	name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
	if !ok || name == "" {
		return errors.New("write it like 'name=value; Domain=example.org', or @FILE")
	}
	value, err := expandWord(value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c := browser.StartCookie{Name: name, Value: value}
	if strings.TrimSpace(attributes) != "" {
		if err := readAttributes(&c, attributes); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if c.Domain == "" && r.sites > 1 {
		return fmt.Errorf("%s: with several sites a cookie must say whose it is: add '; Domain=example.org'", name)
	}
	r.Cookies = append(r.Cookies, c)
	return nil
}

// readAttributes reads what follows the pair in a Set-Cookie line.
func readAttributes(c *browser.StartCookie, text string) error {
	for a := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(a), "=")
		switch strings.ToLower(name) {
		case "domain":
			c.Domain = "." + strings.TrimPrefix(strings.ToLower(value), ".")
		case "path":
			c.Path = value
		case "secure":
			c.Secure = true
		case "httponly":
			c.HTTPOnly = true
		case "samesite":
			c.SameSite = sameSite(value)
		case "expires":
			t, err := http.ParseTime(value)
			if err != nil {
				return errors.New("Expires is a date like Wed, 21 Oct 2026 07:28:00 GMT") //nolint:staticcheck // the attribute's name
			}
			c.Expires = t
		case "max-age":
			n, err := strconv.Atoi(value)
			if err != nil || n <= 0 {
				return errors.New("Max-Age is a number of seconds above 0")
			}
			c.Expires = time.Now().Add(time.Duration(n) * time.Second)
		default:
			return fmt.Errorf("there is no attribute %q: use Domain, Path, Secure, HttpOnly, SameSite, Expires or Max-Age", name)
		}
	}
	return nil
}

// sameSite reads the words of Set-Cookie and of browsers' exports.
func sameSite(s string) string {
	switch strings.ToLower(s) {
	case "strict":
		return "Strict"
	case "lax":
		return "Lax"
	case "none", "no_restriction":
		return "None"
	case "", "unspecified":
		return ""
	}
	return s // the check names it
}

// parseCookies reads an exported jar: Netscape's cookies.txt, or JSON as
// browsers' extensions and test tools write it.
func parseCookies(body []byte) ([]browser.StartCookie, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) > 0 && (body[0] == '[' || body[0] == '{') {
		return parseJSONCookies(body)
	}
	var out []browser.StartCookie
	n := 0
	for line := range strings.Lines(string(body)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		line, httpOnly := strings.CutPrefix(line, "#HttpOnly_")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 7 {
			return nil, fmt.Errorf("line %d has %d fields: cookies.txt has 7, with tabs between", n, len(f))
		}
		c := browser.StartCookie{Name: f[5], Value: f[6], Path: f[2], Secure: strings.EqualFold(f[3], "TRUE"), HTTPOnly: httpOnly}
		seconds, err := strconv.ParseFloat(f[4], 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: the time is not a number", n)
		}
		place(&c, f[0], !strings.EqualFold(f[1], "TRUE"), seconds)
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("it holds no cookies")
	}
	return unexpired(out), nil
}

// place gives a cookie its host and its end, as exports write them.
func place(c *browser.StartCookie, domain string, hostOnly bool, seconds float64) {
	domain = strings.ToLower(strings.TrimPrefix(domain, "."))
	if hostOnly {
		c.URL = "https://" + domain + "/"
	} else {
		c.Domain = "." + domain
	}
	if seconds > 0 {
		c.Expires = time.Unix(int64(seconds), 0)
	}
}

// unexpired leaves out what a browser would have dropped by now.
func unexpired(all []browser.StartCookie) []browser.StartCookie {
	now := time.Now()
	return slices.DeleteFunc(all, func(c browser.StartCookie) bool { return !c.Expires.IsZero() && c.Expires.Before(now) })
}

func parseJSONCookies(body []byte) ([]browser.StartCookie, error) {
	type entry struct {
		Name     string   `json:"name"`
		Value    string   `json:"value"`
		Domain   string   `json:"domain"`
		HostOnly *bool    `json:"hostOnly"`
		Path     string   `json:"path"`
		Secure   bool     `json:"secure"`
		HTTPOnly bool     `json:"httpOnly"`
		SameSite *string  `json:"sameSite"`
		Expires  *float64 `json:"expires"`
		Until    *float64 `json:"expirationDate"`
	}
	var list []entry
	if body[0] == '{' {
		var state struct {
			Cookies []entry `json:"cookies"`
		}
		if json.Unmarshal(body, &state) != nil { // its message may repeat a value
			return nil, errors.New("it is not JSON of cookies")
		}
		list = state.Cookies
	} else if json.Unmarshal(body, &list) != nil {
		return nil, errors.New("it is not a JSON list of cookies")
	}
	if len(list) == 0 {
		return nil, errors.New("it holds no cookies")
	}
	var out []browser.StartCookie
	for i := range list {
		e := &list[i]
		if e.Domain == "" {
			return nil, fmt.Errorf("cookie %d (%s) has no domain", i+1, e.Name)
		}
		c := browser.StartCookie{Name: e.Name, Value: e.Value, Path: e.Path, Secure: e.Secure, HTTPOnly: e.HTTPOnly}
		if e.SameSite != nil {
			c.SameSite = sameSite(*e.SameSite)
		}
		seconds := 0.0
		for _, t := range []*float64{e.Expires, e.Until} {
			if t != nil {
				seconds = *t
			}
		}
		hostOnly := !strings.HasPrefix(e.Domain, ".")
		if e.HostOnly != nil {
			hostOnly = *e.HostOnly
		}
		place(&c, e.Domain, hostOnly, seconds)
		out = append(out, c)
	}
	return unexpired(out), nil
}
