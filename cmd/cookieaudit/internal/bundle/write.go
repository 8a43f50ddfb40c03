package bundle

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// Options say how bundles are written.
type Options struct {
	// Dir is the folder that gets a folder for each scan, named by its ID.
	Dir string
	// Key signs; nil makes bundles that are not signed, and say so.
	Key ed25519.PrivateKey
	// Stamper asks for time stamps; nil asks nobody.
	Stamper *Stamper
	// Command is the command line, without secrets.
	Command []string
	// Clock tells the time; nil is the machine's own.
	Clock func() time.Time
}

const (
	folderMode = 0o750
	fileMode   = 0o600 // what a site showed to one visitor is not for everybody
	unfinished = ".unfinished-"
)

// A Record is what a report is made of.
type Record struct {
	Scan *evidence.Scan
	// Judgement is nil where the scan could not be audited.
	Judgement *audit.Judgement
	// Earlier and Between are the scans with whose policies the report compares
	// those of Scan; nil where there are none.
	Earlier, Between *evidence.Scan
}

// Write writes the bundle of a scan and returns its folder. The capture is nil
// where nothing was captured.
// Until all of it is on disk the folder has a name that begins with
// ".unfinished-": what stands under the scan's ID is whole.
func Write(ctx context.Context, o Options, r Record, c *evidence.Capture) (_ string, err error) {
	scan := r.Scan
	if !plainName(scan.ID) {
		return "", fmt.Errorf("write the evidence: %q cannot be the name of a folder", scan.ID)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if c == nil {
		c = &evidence.Capture{Cut: []string{"what was heard beside the record was not captured"}}
	}
	if err := os.MkdirAll(o.Dir, folderMode); err != nil {
		return "", fmt.Errorf("write the evidence: %w", err)
	}
	final := filepath.Join(o.Dir, scan.ID)
	if _, err := os.Lstat(final); err == nil {
		return "", fmt.Errorf("write the evidence: %s is there already", final)
	}
	tmp, err := os.MkdirTemp(o.Dir, unfinished)
	if err != nil {
		return "", fmt.Errorf("write the evidence: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(tmp))
		}
	}()
	w := &writer{dir: tmp}
	if err := w.all(ctx, o, r, c); err != nil {
		return "", fmt.Errorf("write the evidence: %w", err)
	}
	if err := os.Rename(tmp, final); err != nil {
		return "", fmt.Errorf("write the evidence: %w", err)
	}
	return final, syncFolder(o.Dir)
}

// plainName reports whether an ID is a name of a folder and nothing else.
func plainName(id string) bool {
	return id != "" && !strings.HasPrefix(id, ".") && !strings.ContainsFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}

// A writer writes the files of one bundle.
type writer struct {
	dir   string
	files []File
}

func (w *writer) all(ctx context.Context, o Options, r Record, c *evidence.Capture) error {
	scan := r.Scan
	m := &Manifest{
		Cut: slices.Clone(c.Cut), Format: Format, Made: o.Clock().UTC().Format(time.RFC3339), Outcome: string(scan.Outcome), Scan: scan.ID,
		Site: scan.Site.URL, Tool: scan.Tool.Name + " " + scan.Tool.Version, Values: valueWord(scan),
	}
	if m.Cut == nil {
		m.Cut = []string{}
	}
	var public []byte
	if o.Key != nil {
		pub, ok := o.Key.Public().(ed25519.PublicKey)
		if !ok {
			return errNoKey
		}
		var err error
		if m.Signer, err = Fingerprint(pub); err != nil {
			return err
		}
		if public, err = encodePublic(pub); err != nil {
			return err
		}
	}
	if o.Stamper != nil {
		m.TimeStampService = serviceName(o.Stamper.URL)
	}
	if err := w.content(o, m, r, c); err != nil {
		return err
	}
	slices.SortFunc(w.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	m.Files = w.files
	return w.seal(ctx, o, m, public)
}

// seal writes the manifest and what vouches for it.
func (w *writer) seal(ctx context.Context, o Options, m *Manifest, public []byte) error {
	manifest, err := m.encode()
	if err != nil {
		return err
	}
	files := map[string][]byte{manifestName: manifest}
	if o.Key != nil {
		files[signerName], files[signatureName] = public, ed25519.Sign(o.Key, manifest)
	}
	if o.Stamper != nil {
		answer, err := o.Stamper.stamp(ctx, manifest)
		if err == nil {
			files[stampName] = answer
		} else {
			files[noStampName] = fmt.Appendf(nil, "There is no time stamp. %s was asked, and did not answer as it should: %v\n", m.TimeStampService, err)
		}
	}
	checksums := sums(files)
	files[sumsName] = checksums
	for name, data := range files {
		if err := w.put(name, data); err != nil {
			return err
		}
	}
	return syncFolder(w.dir)
}

// add writes a file that the manifest names.
func (w *writer) add(path string, data []byte) error {
	if err := w.put(path, data); err != nil {
		return err
	}
	w.files = append(w.files, File{Bytes: int64(len(data)), Path: path, SHA256: sum(data)})
	return nil
}

func (w *writer) put(path string, data []byte) error {
	name := filepath.Join(w.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), folderMode); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFolder has the names in a folder on disk, too.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = f.Sync() // not every file system knows it
	return f.Close()
}

// serviceName is the address of a service without what may be a secret.
func serviceName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "a service whose address cannot be read"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
