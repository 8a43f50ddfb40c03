package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/bundle"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/crawler/evidence"
)

// stampTimeout bounds the question to a time-stamping service: the record waits
// for it.
const stampTimeout = 15 * time.Second

// bundleFlags say what becomes of the evidence.
func bundleFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "evidence", TakesFile: true, Usage: "write an evidence bundle for each scan into folder `DIR`"},
		&cli.StringFlag{Name: "evidence-key", TakesFile: true, Usage: "sign bundles with the private key in `FILE` (cookieaudit evidence keygen)"},
		&cli.StringFlag{Name: "timestamp-url", Usage: "have bundles stamped by the time-stamping service (RFC 3161) at `URL`"},
		&cli.BoolFlag{Name: "keep-values", Usage: "keep the values of cookies and storage, which are hashed otherwise; every output says so"},
	}
}

// A bundledStore keeps scans, and knows those before.
type bundledStore interface {
	pipeline.Recorder
	EarlierPolicies(ctx context.Context, scan *evidence.Scan) (earlier, between *evidence.Scan, err error)
}

// A bundler keeps scans as bundles, beside what else keeps them.
type bundler struct {
	db      bundledStore
	options bundle.Options

	mu       sync.Mutex
	captures map[string]*evidence.Capture // by scan, until it is saved
}

// newBundler reads bundleFlags; nil where no bundle is asked for.
func newBundler(cmd *cli.Command) (*bundler, error) {
	dir, key, service := cmd.String("evidence"), cmd.String("evidence-key"), cmd.String("timestamp-url")
	if dir == "" {
		if key != "" || service != "" {
			return nil, usagef(cmd, "--evidence-key and --timestamp-url are for bundles: add --evidence DIR")
		}
		return nil, nil
	}
	o, what, err := bundleOptions(dir, key, service)
	if err != nil {
		return nil, usagef(cmd, "--%s: %w", what, err)
	}
	o.Command = commandLine(cmd)
	return &bundler{captures: map[string]*evidence.Capture{}, options: o}, nil
}

// bundleOptions say how bundles are written into a folder, which is made; key and
// service may be empty. Where something does not do they say what.
func bundleOptions(dir, key, service string) (o bundle.Options, what string, err error) {
	o.Dir = dir
	if key != "" {
		data, err := readSmallFile(key)
		if err != nil {
			return o, "evidence-key", err
		}
		if o.Key, err = bundle.ParsePrivate(data); err != nil {
			return o, "evidence-key", fmt.Errorf("%s: %w", key, err)
		}
	}
	if service != "" {
		u, err := url.Parse(service)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return o, "timestamp-url", errors.New("an address begins with https://")
		}
		o.Stamper = &bundle.Stamper{URL: service, Client: &http.Client{
			Timeout: stampTimeout, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment},
		}}
	}
	// What cannot be written is known before the first scan.
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return o, "evidence", err
	}
	return o, "", nil
}

// capture takes what a scan heard until its record is saved.
func (b *bundler) capture(scan *evidence.Scan, c *evidence.Capture) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.captures[scan.ID] = c
}

// Save implements pipeline.Recorder: a record that cannot be kept in one place
// is kept in the other.
func (b *bundler) Save(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	defer b.Drop(scan)
	return errors.Join(b.db.Save(ctx, scan, j), b.Keep(ctx, scan, j))
}

// Keep implements jobs.Evidence.
func (b *bundler) Keep(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	b.mu.Lock()
	c := b.captures[scan.ID]
	b.mu.Unlock()
	r := bundle.Record{Scan: scan, Judgement: j}
	var asked error
	r.Earlier, r.Between, asked = b.db.EarlierPolicies(ctx, scan)
	_, written := bundle.Write(ctx, b.options, r, c)
	return errors.Join(asked, written)
}

// Drop implements jobs.Evidence.
func (b *bundler) Drop(scan *evidence.Scan) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.captures, scan.ID)
}

const notKept = "‹not kept›"

// commandLine is the command line as it may be shown: values that can be secrets
// are left out.
func commandLine(cmd *cli.Command) []string {
	out := strings.Fields(cmd.FullName())
	for _, f := range cmd.Flags {
		name := f.Names()[0]
		if !f.IsSet() {
			continue
		}
		switch f.(type) {
		case *cli.BoolFlag:
			out = append(out, "--"+name)
		case *cli.StringSliceFlag:
			for _, v := range cmd.StringSlice(name) {
				out = append(out, "--"+name, withoutSecret(name, v))
			}
		case *cli.StringFlag:
			out = append(out, "--"+name, withoutSecret(name, cmd.String(name)))
		default:
			out = append(out, "--"+name, f.String())
		}
	}
	for _, a := range cmd.Args().Slice() {
		out = append(out, withoutUser(a))
	}
	return out
}

// withoutSecret leaves the secret out of a flag's value.
func withoutSecret(flag, value string) string {
	switch {
	case flag == "cookie" && !strings.HasPrefix(value, "@"):
		name, _, _ := strings.Cut(value, "=")
		return name + "=" + notKept
	case flag == "header":
		name, _, _ := strings.Cut(value, ":")
		return name + ": " + notKept
	case flag == "timestamp-url":
		value, _, _ = strings.Cut(value, "?")
	}
	return withoutUser(value)
}

// withoutUser leaves user and password out of an address.
func withoutUser(value string) string {
	scheme, rest, ok := strings.Cut(value, "://")
	if !ok {
		scheme, rest = "", value
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndexByte(rest[:end], '@')
	switch {
	case !ok && (at < 0 || !strings.Contains(rest[:max(at, 0)], ":")):
		return value
	case at < 0:
		return value
	case !ok:
		return notKept + rest[at:]
	}
	return scheme + "://" + notKept + rest[at:]
}
