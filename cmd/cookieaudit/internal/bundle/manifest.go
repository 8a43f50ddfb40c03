package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Format names the layout of a bundle. Files and fields may be added under the
// same name; none changes its meaning or goes away.
const Format = "cookieaudit/evidence/v1"

// The files that seal a bundle: the manifest names all others.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig" // 64 bytes (RFC 8032)
	signerName    = "signer.pem"   // the public key (RFC 8410)
	stampName     = "manifest.tsr" // the time stamp (RFC 3161)
	noStampName   = "no-time-stamp.txt"
	sumsName      = "SHA256SUMS"
)

// sealed are the files that SHA256SUMS names, in its order.
var sealed = [...]string{manifestName, signatureName, stampName, noStampName, signerName}

// A Manifest names the files of a bundle. Its one form is that of RFC 8785:
// members in the order of their names, no white space.
type Manifest struct {
	// Cut says what was left out of the bundle.
	Cut   []string `json:"cut"`
	Files []File   `json:"files"` // by path
	// Format is Format.
	Format  string `json:"format"`
	Made    string `json:"made"`    // UTC, RFC 3339, by the machine's own clock
	Outcome string `json:"outcome"` // of the scan
	Scan    string `json:"scan"`    // its ID
	// Signer is the fingerprint of the key that signs; empty for an unsigned bundle.
	Signer string `json:"signer"`
	Site   string `json:"site"`
	// TimeStampService is the address that was asked for a time stamp; empty where
	// none was.
	TimeStampService string `json:"time_stamp_service"`
	Tool             string `json:"tool"`
	// Values is "hashed" or "kept".
	Values string `json:"values"`
}

// A File is one file of a bundle.
type File struct {
	Bytes  int64  `json:"bytes"`
	Path   string `json:"path"` // with slashes
	SHA256 string `json:"sha256"`
}

func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("encode the manifest: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

var (
	errNotCanonical = errors.New("it is not in the one form that a manifest has")
	errFormat       = errors.New("it is of another format")
)

// parseManifest reads a manifest. One that is not written exactly as encode
// writes it is refused: no two texts may mean the same.
func parseManifest(data []byte) (*Manifest, error) {
	m := &Manifest{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	if m.Format != Format {
		return nil, fmt.Errorf("read the manifest: %w", errFormat)
	}
	again, err := m.encode()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, data) {
		return nil, fmt.Errorf("read the manifest: %w", errNotCanonical)
	}
	for i, f := range m.Files {
		if !fs.ValidPath(f.Path) || f.Path == "." || slices.Contains(sealed[:], f.Path) || f.Path == sumsName {
			return nil, fmt.Errorf("read the manifest: %q is no name of a file", f.Path)
		}
		if i > 0 && m.Files[i-1].Path >= f.Path {
			return nil, fmt.Errorf("read the manifest: %w", errNotCanonical)
		}
	}
	return m, nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// sums writes SHA256SUMS for the files that seal a bundle, as sha256sum does.
func sums(files map[string][]byte) []byte {
	var b strings.Builder
	for _, name := range sealed {
		if data, ok := files[name]; ok {
			fmt.Fprintf(&b, "%s  %s\n", sum(data), name)
		}
	}
	return []byte(b.String())
}
