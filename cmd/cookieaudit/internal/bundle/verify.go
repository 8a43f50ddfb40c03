package bundle

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// A Check says against what a bundle is verified.
type Check struct {
	// Key is the signer that is expected; nil takes whoever signed.
	Key ed25519.PublicKey
	// Roots are the roots of time-stamping services that are trusted; nil checks
	// the time stamp's own signature only.
	Roots *x509.CertPool
}

// A Result is what verifying a bundle came to. It is intact where there are no
// problems.
type Result struct {
	// Manifest is nil where it could not be read.
	Manifest *Manifest
	// Signed is true where the signature is that of the key in the bundle; whose
	// that is, only Check.Key tells.
	Signed bool
	// Stamp is nil where there is none that holds.
	Stamp    *Stamp
	NoStamp  string // why a service that was asked gave none
	Problems []Problem
}

// A Problem is one thing that is not as it was written.
type Problem struct {
	Path string // with slashes; empty for the bundle as a whole
	What string
}

func (p Problem) String() string {
	if p.Path == "" {
		return p.What
	}
	return p.Path + ": " + p.What
}

const (
	// maxSeal bounds a file that seals a bundle, in bytes: a manifest has some
	// 150 for each file.
	maxSeal = 64 << 20
	// maxListed bounds the files that are looked at: a bundle has some hundreds.
	maxListed = 100_000
)

var errTooMany = errors.New("it holds more files than any bundle")

// Verify compares a bundle with its manifest, and the manifest with what vouches
// for it. The error says that it could not be looked at.
func Verify(dir string, c Check) (*Result, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("verify the bundle: %w", err)
	}
	defer root.Close()
	v := &verifier{root: root, result: &Result{}, present: map[string]fs.FileMode{}}
	if err := v.list(); err != nil {
		return nil, fmt.Errorf("verify the bundle: %w", err)
	}
	seal, err := v.readSeal()
	if err != nil {
		return nil, fmt.Errorf("verify the bundle: %w", err)
	}
	v.checkSums(seal)
	if data, ok := seal[manifestName]; ok {
		if v.result.Manifest, err = parseManifest(data); err != nil {
			v.problem(manifestName, "altered: %v", err)
		}
	}
	if v.result.Manifest == nil {
		return v.result, nil
	}
	v.checkSignature(seal, c.Key)
	v.checkStamp(seal, c.Roots)
	if err := v.checkFiles(); err != nil {
		return nil, fmt.Errorf("verify the bundle: %w", err)
	}
	return v.result, nil
}

type verifier struct {
	root    *os.Root
	result  *Result
	present map[string]fs.FileMode // by path, folders too
}

func (v *verifier) problem(path, format string, args ...any) {
	v.result.Problems = append(v.result.Problems, Problem{path, fmt.Sprintf(format, args...)})
}

// list takes down what lies in the bundle, and names what is neither a file nor
// a folder.
func (v *verifier) list() error {
	return fs.WalkDir(v.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == "." {
			return nil
		}
		if len(v.present) == maxListed {
			return errTooMany
		}
		v.present[name] = d.Type()
		switch {
		case d.Type()&fs.ModeSymlink != 0:
			v.problem(name, "a symbolic link, which a bundle has none of")
		case !d.IsDir() && !d.Type().IsRegular():
			v.problem(name, "neither a file nor a folder")
		}
		return nil
	})
}

// regular reports whether there is a file of that name.
func (v *verifier) regular(name string) bool {
	mode, ok := v.present[name]
	return ok && mode.IsRegular()
}

// readSeal reads the files that seal the bundle.
func (v *verifier) readSeal() (map[string][]byte, error) {
	seal := map[string][]byte{}
	for _, name := range append(slices.Clone(sealed[:]), sumsName) {
		if !v.regular(name) {
			continue
		}
		data, err := readAll(v.root, name, maxSeal)
		if err != nil {
			return nil, err
		}
		seal[name] = data
	}
	for _, name := range [...]string{manifestName, sumsName} {
		if _, ok := seal[name]; !ok {
			v.problem(name, "missing: the bundle is not whole")
		}
	}
	return seal, nil
}

// checkSums compares the seal with SHA256SUMS, which has one form.
func (v *verifier) checkSums(seal map[string][]byte) {
	have, ok := seal[sumsName]
	if !ok || string(have) == string(sums(seal)) {
		return
	}
	named := map[string]string{}
	for line := range strings.Lines(string(have)) {
		hash, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok || len(hash) != 2*sha256.Size || !slices.Contains(sealed[:], name) || named[name] != "" {
			v.problem(sumsName, "altered: it has a line that is none of a bundle's")
			continue
		}
		named[name] = hash
	}
	found := len(v.result.Problems)
	for _, name := range sealed {
		data, here := seal[name]
		hash, listed := named[name]
		switch {
		case here && !listed:
			v.problem(name, "added, or its line is missing in %s", sumsName)
		case listed && !here:
			v.problem(name, "missing")
		case here && sum(data) != hash:
			v.problem(name, "altered, or its line in %s is", sumsName)
		}
	}
	if len(v.result.Problems) == found {
		v.problem(sumsName, "altered: it is not in the form that a bundle has")
	}
}

func (v *verifier) checkSignature(seal map[string][]byte, want ed25519.PublicKey) {
	m := v.result.Manifest
	signature, signed := seal[signatureName]
	public, named := seal[signerName]
	if m.Signer == "" {
		if signed || named {
			v.problem(signatureName, "added: the manifest says that the bundle is not signed")
		}
		if want != nil {
			v.problem("", "not signed, and a signer is expected")
		}
		return
	}
	if !signed || !named {
		for _, name := range [...]string{signatureName, signerName} {
			if _, ok := seal[name]; !ok {
				v.problem(name, "missing: the manifest says that the bundle is signed")
			}
		}
		return
	}
	key, err := parseSigner(public)
	if err != nil {
		v.problem(signerName, "altered: %v", err)
		return
	}
	if name, err := Fingerprint(key); err != nil || name != m.Signer {
		v.problem(signerName, "not the key that the manifest names")
		return
	}
	if !ed25519.Verify(key, seal[manifestName], signature) {
		v.problem(signatureName, "wrong: it is not the signature of this manifest by this key")
		return
	}
	v.result.Signed = true
	if want != nil && !want.Equal(key) {
		v.problem("", "signed by another key than the one that is expected")
	}
}

func (v *verifier) checkStamp(seal map[string][]byte, roots *x509.CertPool) {
	m := v.result.Manifest
	answer, stamped := seal[stampName]
	reason, failed := seal[noStampName]
	switch {
	case m.TimeStampService == "" && (stamped || failed):
		v.problem(stampName, "added: the manifest says that no service was asked")
	case m.TimeStampService != "" && !stamped && !failed:
		v.problem(stampName, "missing: the manifest says that a service was asked")
	case stamped && failed:
		v.problem(noStampName, "added: there is a time stamp")
	case failed:
		v.result.NoStamp = line(strings.TrimSpace(string(reason)))
	}
	if !stamped {
		return
	}
	stamp, err := parseStamp(answer, seal[manifestName])
	if err != nil {
		v.problem(stampName, "wrong time stamp: %v", err)
		return
	}
	v.result.Stamp = stamp
	if roots != nil {
		if stamp.rooted(roots); !*stamp.Rooted {
			v.problem(stampName, "wrong time stamp: the service's certificate leads to none of the roots that were given")
		}
	}
}

// checkFiles compares every file with its line in the manifest.
func (v *verifier) checkFiles() error {
	listed := map[string]bool{}
	for _, f := range v.result.Manifest.Files {
		listed[f.Path] = true
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			listed[dir] = true
		}
		if !v.regular(f.Path) {
			if _, other := v.present[f.Path]; !other {
				v.problem(f.Path, "missing")
			} else if !v.named(f.Path) {
				v.problem(f.Path, "a folder in the place of a file")
			}
			continue
		}
		n, hash, err := v.hash(f.Path)
		switch {
		case err != nil:
			return err
		case n != f.Bytes:
			v.problem(f.Path, "altered: it has %d bytes, and had %d", n, f.Bytes)
		case hash != f.SHA256:
			v.problem(f.Path, "altered")
		}
	}
	var added []string
	for name, mode := range v.present {
		if !listed[name] && name != sumsName && !slices.Contains(sealed[:], name) && !v.named(name) {
			what := "added"
			if mode.IsDir() {
				what = "an added folder"
			}
			added = append(added, name+"\x00"+what)
		}
	}
	slices.Sort(added)
	for _, a := range added {
		name, what, _ := strings.Cut(a, "\x00")
		v.problem(name, "%s", what)
	}
	return nil
}

// named reports whether there is a problem with a path already.
func (v *verifier) named(name string) bool {
	return slices.ContainsFunc(v.result.Problems, func(p Problem) bool { return p.Path == name })
}

func (v *verifier) hash(name string) (int64, string, error) {
	f, err := v.root.Open(name)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return 0, "", fmt.Errorf("read %s: %w", name, err)
	}
	return n, hex.EncodeToString(h.Sum(nil)), nil
}
