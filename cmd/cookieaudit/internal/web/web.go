// Package web is the dashboard and the HTTP API: what is stored of sites and
// their scans, and the queue, for people in a browser and for programs as JSON.
//
// Pages are made on the server and need no script. What an operation does is
// written once, whether a form or a program asks for it (operation.go). Everything
// that comes from a site is hostile, on every page: html/template escapes it, the
// Content-Security-Policy lets no script run, and what could not be looked at is
// never shown like what was not found.
package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/evidence"
)

// Options are what the dashboard works with. All but Queue, Origin, Hosts, Log,
// Now and Passwords are required.
type Options struct {
	Scans     Scans
	Findings  Findings
	Decisions Decisions
	Accounts  Accounts
	// Queue is nil where nothing can be scanned; the pages say so.
	Queue Queue
	// Rules is the catalogue, of which a finding can be accepted.
	Rules []audit.Rule
	// ParseSite reads an address that a user has typed.
	ParseSite func(string) (evidence.Site, error)
	// Origin is what users have in their address bar, such as
	// https://cookies.example.org, where that is not the address that the program
	// listens on. With https the cookie is Secure and has the prefix __Host-.
	Origin string
	// Hosts are further names under which the dashboard may be asked for, beside
	// that of Origin, "localhost" and every IP address.
	Hosts []string
	// Version is of the program.
	Version string
	// Log is told of sign-ins and of everything that is changed; nil for nowhere.
	Log *slog.Logger
	// Now is the clock; nil for time.Now.
	Now func() time.Time
	// Passwords is what hashes passwords; nil for one of account.DefaultCost.
	Passwords *account.Hasher
}

// A server answers requests.
type server struct {
	Options
	secure bool // users come by https
	hosts  map[string]bool
	origin *url.URL
	logins loginLimits
	pages  *pages
	style  asset
}

// New returns the dashboard and the API below /.
func New(o Options) (http.Handler, error) {
	switch {
	case o.Scans == nil || o.Findings == nil || o.Decisions == nil || o.Accounts == nil:
		return nil, errors.New("make the dashboard: scans, findings, decisions and accounts are required")
	case o.ParseSite == nil || len(o.Rules) == 0:
		return nil, errors.New("make the dashboard: the rules and a reader of addresses are required")
	}
	s := &server{Options: o, logins: newLoginLimits(), hosts: map[string]bool{"localhost": true}}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Passwords == nil {
		s.Passwords = account.NewHasher(account.DefaultCost())
	}
	if err := s.place(); err != nil {
		return nil, fmt.Errorf("make the dashboard: %w", err)
	}
	var err error
	if s.pages, err = newPages(); err != nil {
		return nil, fmt.Errorf("make the dashboard: %w", err)
	}
	if s.style, err = newStyle(); err != nil {
		return nil, fmt.Errorf("make the dashboard: %w", err)
	}
	return s.guard(s.routes()), nil
}

// place says under which names the dashboard may be asked for.
func (s *server) place() error {
	for _, h := range s.Hosts {
		s.hosts[hostname(h)] = true
	}
	if s.Origin == "" {
		return nil
	}
	u, err := url.Parse(s.Origin)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return fmt.Errorf("the origin %q is not of the form https://HOST", s.Origin)
	}
	s.origin, s.secure = u, u.Scheme == "https"
	s.hosts[hostname(u.Host)] = true
	return nil
}
