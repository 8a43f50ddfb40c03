package bundle

import (
	"fmt"
	"strings"
	"unicode"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// readme says what a bundle is to whoever finds it.
func readme(m *Manifest, scan *evidence.Scan, j *audit.Judgement) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "Evidence of one scan by %s\n\nSite     %s\nScan     %s\nStarted  %s\nOutcome  %s\n", line(m.Tool), line(m.Site), m.Scan,
		scan.Started.UTC().Format("2006-01-02 15:04:05 UTC"), line(m.Outcome))
	if scan.Why != "" {
		fmt.Fprintf(&b, "         %s\n", line(scan.Why))
	}
	if j == nil {
		b.WriteString("         It was not audited.\n")
	}
	fmt.Fprintf(&b, "\n%s\n", valueRule(scan))
	if m.Signer == "" {
		b.WriteString("\nTHIS BUNDLE IS NOT SIGNED: checksums find what was damaged, not what somebody changed on purpose.\n")
	} else {
		fmt.Fprintf(&b, "\nSigned with the Ed25519 key %s.\nWhose key that is has to be known from elsewhere: compare it with the fingerprint that the signer published.\n", m.Signer)
	}
	if m.TimeStampService != "" {
		fmt.Fprintf(&b, "\nA time stamp was asked of %s: manifest.tsr, or no-time-stamp.txt says why there is none.\n", line(m.TimeStampService))
	}
	for i, c := range m.Cut {
		if i == 0 {
			b.WriteString("\nLeft out:\n")
		}
		fmt.Fprintf(&b, "  %s\n", line(c))
	}
	b.WriteString(`
Files
  scan.json         what was observed and declared
  judgement.json    what follows from it
  earlier.json      the policies of the scan before, with which the report compares
  banner.json       the banner and its controls
  run.json          command line, versions of the tool, the browser and the data, clock
  har/PHASE.har     each request with its heads, cookies and timings (HAR 1.2)
  events.ndjson     what was heard, in order
  screenshots/      pictures; screenshots.json says of what
  policies/         policies as they came; policies.json says from where
  certificates/     TLS certificates; certificates.json says whose
  dns.json          addresses that the browser was connected to
  manifest.json     size and SHA-256 of each of these

Check it
  cookieaudit evidence verify --key PUBLISHED.pem .
or without that program
  sha256sum -c SHA256SUMS
  openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.json -sigfile manifest.sig
  openssl ts -verify -data manifest.json -in manifest.tsr -CAfile ROOTS
and compare each file with its line in manifest.json.

Make the report again
  cookieaudit report --bundle . --format html=report.html
`)
	return []byte(b.String())
}

// line makes one line of a text that a site can have written.
func line(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
