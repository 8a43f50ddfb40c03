package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/cmd/cookieaudit/internal/bundle"
)

func evidenceCommand() *cli.Command {
	return &cli.Command{
		Name:  "evidence",
		Usage: "check an evidence bundle, make a key to sign bundles with",
		Description: "A bundle is what 'cookieaudit scan --evidence DIR' writes for each scan: the record, HAR files,\n" +
			"a log, pictures, policies and certificates as they came, under a manifest that can be\n" +
			"signed and stamped.",
		Action: unknownCommand,
		Commands: []*cli.Command{
			{
				Name:      "verify",
				Usage:     "name every file of a bundle that was altered, added or is missing",
				ArgsUsage: "DIR",
				Description: "Exits with 0 where the bundle is as it was written, 3 where it is not, 1 where it\n" +
					"could not be looked at. Who signed is proven only with --key: anybody can sign a bundle\n" +
					"anew with a key of his own.",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "key", TakesFile: true, Usage: "the signer's public key, PEM `FILE`, from a source other than the bundle"},
					&cli.StringFlag{Name: "timestamp-roots", TakesFile: true, Usage: "root certificates of time-stamping services that you trust, PEM `FILE`"},
				},
				OnUsageError: usageProblem,
				Action:       runVerify,
			},
			{
				Name:         "keygen",
				Usage:        "make an Ed25519 key pair: FILE and FILE.pub",
				ArgsUsage:    "FILE",
				OnUsageError: usageProblem,
				Action:       runKeygen,
			},
		},
	}
}

func runKeygen(_ context.Context, cmd *cli.Command) error {
	if err := exactlyOne(cmd, "the name of the key's file"); err != nil {
		return err
	}
	name := cmd.Args().First()
	private, public, err := bundle.NewKey()
	if err != nil {
		return err
	}
	key, err := bundle.ParsePublic(public)
	if err != nil {
		return err
	}
	fingerprint, err := bundle.Fingerprint(key)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{name, private}, {name + ".pub", public}} {
		if err := createNew(f.name, f.data); err != nil {
			return fmt.Errorf("write the key: %w", err)
		}
	}
	fmt.Fprintf(cmd.Root().Writer, "Private key  %s (keep it to yourself)\nPublic key   %s.pub (publish it)\nFingerprint  %s\n", name, name, fingerprint)
	return nil
}

// createNew writes a file that was not there: a key that is overwritten is lost.
func createNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func exactlyOne(cmd *cli.Command, what string) error {
	if !cmd.Args().Present() {
		return usagef(cmd, "%s is missing", what)
	}
	return atMost(cmd, 1)
}

func runVerify(_ context.Context, cmd *cli.Command) error {
	if err := exactlyOne(cmd, "the bundle's folder"); err != nil {
		return err
	}
	check, err := checkOf(cmd)
	if err != nil {
		return err
	}
	dir := cmd.Args().First()
	result, err := bundle.Verify(dir, check)
	if err != nil {
		return err
	}
	fmt.Fprint(cmd.Root().Writer, printable(verdict(dir, result, check)))
	if n := len(result.Problems); n > 0 {
		return &resultError{code: exitViolations}
	}
	return nil
}

func checkOf(cmd *cli.Command) (bundle.Check, error) {
	var c bundle.Check
	if name := cmd.String("key"); name != "" {
		data, err := readSmallFile(name)
		if err != nil {
			return c, usagef(cmd, "--key: %w", err)
		}
		if c.Key, err = bundle.ParsePublic(data); err != nil {
			return c, usagef(cmd, "--key %s: %w", name, err)
		}
	}
	if name := cmd.String("timestamp-roots"); name != "" {
		data, err := readSmallFile(name)
		if err != nil {
			return c, usagef(cmd, "--timestamp-roots: %w", err)
		}
		c.Roots = x509.NewCertPool()
		if !c.Roots.AppendCertsFromPEM(data) {
			return c, usagef(cmd, "--timestamp-roots %s: it holds no certificate in PEM", name)
		}
	}
	return c, nil
}

// verdict tells what came of verifying a bundle.
func verdict(dir string, r *bundle.Result, c bundle.Check) string {
	var b strings.Builder
	say := func(name, text string) { fmt.Fprintf(&b, "%-11s %s\n", name, text) }
	say("Bundle", dir)
	if m := r.Manifest; m != nil {
		say("Site", m.Site)
		say("Scan", fmt.Sprintf("%s, %s, written %s by the machine's own clock", m.Scan, m.Outcome, m.Made))
		say("Files", fmt.Sprint(len(m.Files)))
		say("Values", m.Values)
		say("Signature", signatureText(r, c))
		say("Time stamp", stampText(r))
		for _, cut := range m.Cut {
			say("Left out", cut)
		}
	}
	if len(r.Problems) == 0 {
		say("Result", "intact: every file is as it was written")
		return b.String()
	}
	say("Result", fmt.Sprintf("NOT INTACT: %d problems", len(r.Problems)))
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "  %s\n", p)
	}
	return b.String()
}

func signatureText(r *bundle.Result, c bundle.Check) string {
	switch {
	case r.Manifest.Signer == "":
		return "NOT SIGNED: what somebody changed on purpose cannot be told"
	case !r.Signed:
		return "wrong: see below"
	case c.Key == nil:
		return "valid, by " + r.Manifest.Signer + "; whose key that is, only --key tells"
	default:
		return "valid, by " + r.Manifest.Signer
	}
}

func stampText(r *bundle.Result) string {
	switch s := r.Stamp; {
	case s == nil && r.NoStamp != "":
		return "none. " + r.NoStamp
	case s == nil:
		return "none"
	case s.Rooted == nil:
		return fmt.Sprintf("%s, by %s; not compared with a root (--timestamp-roots)", s.Time.Format("2006-01-02 15:04:05 UTC"), s.Service)
	case !*s.Rooted:
		return fmt.Sprintf("%s, by %s, who is not trusted", s.Time.Format("2006-01-02 15:04:05 UTC"), s.Service)
	default:
		return fmt.Sprintf("%s, by %s, who leads to a root of yours", s.Time.Format("2006-01-02 15:04:05 UTC"), s.Service)
	}
}
