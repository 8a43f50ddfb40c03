package bundle

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"

	"github.com/google/go-cmp/cmp"
)

var epoch = time.Date(2026, time.May, 6, 7, 8, 9, 123e6, time.UTC)

func sampleScan() *evidence.Scan {
	return &evidence.Scan{
		ID: "20260506T070809-abcdefgh", Site: evidence.Site{URL: "https://shop.example/", Host: "shop.example", Domain: "shop.example"},
		Started: epoch, Finished: epoch.Add(time.Minute), Profile: "eu", Settle: "virtual", Outcome: evidence.Partial, Why: "a \x1b[31mpage\u202e hung",
		Tool: evidence.Tool{Name: "cookieaudit", Version: "test"}, Browser: evidence.Tool{Name: "Chrome", Version: "156"}, Datasets: []evidence.Dataset{},
		Banner: &evidence.Banner{Found: true},
		Visits: []evidence.Visit{
			{Phase: evidence.Before, Outcome: evidence.Complete, Started: epoch, Pages: []evidence.Page{}, Screenshots: []evidence.Screenshot{{Phase: evidence.Before, Stage: "first_layer", AtMS: 5, PNG: []byte("\x89PNG\r\n\x1a\none")}}},
			{Phase: evidence.Accept, Outcome: evidence.Complete, Started: epoch, Pages: []evidence.Page{}, Screenshots: []evidence.Screenshot{{Phase: evidence.Accept, Stage: "../../etc/passwd", AtMS: 7, PNG: []byte("\x89PNG\r\n\x1a\ntwo")}}},
		},
		Cookies: []evidence.Cookie{{CookieKey: evidence.CookieKey{Name: "../evil", Domain: "shop.example", Path: "/"}, Writes: []evidence.Write{}}},
		Storage: []evidence.StorageItem{}, Requests: []evidence.Request{},
	}
}

func sampleRecord() Record {
	return Record{
		Scan: sampleScan(), Judgement: &audit.Judgement{},
		Earlier: &evidence.Scan{ID: "before", Policies: []evidence.PolicyDocument{{URL: "https://shop.example/cookies", Text: "We use cookies."}}},
	}
}

func sampleCapture() *evidence.Capture {
	took, age := 12.5, int64(3600)
	return &evidence.Capture{
		Exchanges: []evidence.Exchange{
			{
				Phase: evidence.Before, Request: "1.2", Started: epoch, TookMS: &took, Method: "GET", URL: "https://shop.example/?a=b%20c&d", Type: "document",
				Sent: []evidence.Field{{Name: "Accept", Value: "*/*"}}, SentRaw: true, Status: 200, StatusText: "OK", Protocol: "h2", Received: []evidence.Field{{Name: "Set-Cookie", Value: "a=‹3 bytes›"}}, ReceivedRaw: true,
				SetCookies: []evidence.WireCookie{{Name: "a", Value: evidence.Value{SHA256: "ab", Length: 3}, MaxAge: &age, Expires: &epoch}}, MIME: "text/html",
				Bytes: 400, Address: "127.0.0.1", Port: 443, Connection: "7", TLS: &evidence.TLS{Protocol: "TLS 1.3", Cipher: "AES_128_GCM", Names: []string{"shop.example"}, From: epoch, To: epoch},
				Timing: &evidence.Timing{Blocked: 1, DNS: -1, Connect: -1, SSL: -1, Send: 0.5, Wait: 3},
			},
			{Phase: evidence.Accept, Page: -1, Request: "1.3", Started: epoch, Method: "POST", URL: "https://third.example/", Type: "ping", Bytes: -1, Error: "net::ERR_ABORTED", SentBytes: 12},
		},
		Events: []evidence.Event{
			{Time: epoch, Phase: evidence.Before, Kind: "navigation", URL: "https://shop.example/"},
			{Time: epoch, Phase: evidence.Before, Kind: "set-cookie", Text: "a=‹3 bytes›"},
		},
		Certificates: []evidence.CertificateChain{{Origin: "https://shop.example", Phase: evidence.Before, DER: [][]byte{{1, 2, 3}}}},
		Policies:     []evidence.PolicyCopy{{URL: "https://shop.example/../../policy.html", FinalURL: "https://shop.example/policy.html", Fetched: epoch, By: "request", Body: []byte("<p>We use cookies."), SHA256: "cd"}},
		Cut:          []string{"before: more than something"},
	}
}

func newKey(t *testing.T) (ed25519.PrivateKey, ed25519.PublicKey) {
	t.Helper()
	private, public, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	priv, err := ParsePrivate(private)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ParsePublic(public)
	if err != nil {
		t.Fatal(err)
	}
	return priv, pub
}

func write(t *testing.T, o Options) string {
	t.Helper()
	o.Dir = t.TempDir()
	dir, err := Write(t.Context(), o, sampleRecord(), sampleCapture())
	if err != nil {
		t.Fatal(err)
	}
	if dir != filepath.Join(o.Dir, sampleScan().ID) {
		t.Errorf("written to %s", dir)
	}
	return dir
}

func verify(t *testing.T, dir string, c Check) *Result {
	t.Helper()
	r, err := Verify(dir, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadBack(t *testing.T) {
	t.Parallel()
	r, err := Read(write(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sampleRecord(), r); diff != "" {
		t.Errorf("the record changed (-written +read):\n%s", diff)
	}
}

func TestVerifyIntact(t *testing.T) {
	t.Parallel()
	key, public := newKey(t)
	s := newService(t)
	roots := x509.NewCertPool()
	roots.AddCert(s.root)
	stamper := s.start(t)
	r := verify(t, write(t, Options{Key: key, Stamper: stamper}), Check{Key: public, Roots: roots})
	if len(r.Problems) > 0 || !r.Signed || r.Stamp == nil || r.Stamp.Rooted == nil || !*r.Stamp.Rooted {
		t.Fatalf("%+v, %+v", r, r.Stamp)
	}
	if !r.Stamp.Time.Equal(epoch.Truncate(time.Second)) || !strings.Contains(r.Stamp.Service, "Stamps of the test") {
		t.Errorf("stamp %v by %s", r.Stamp.Time, r.Stamp.Service)
	}
	if r.Manifest.Values != "hashed" || r.Manifest.Outcome != "partial" || len(r.Manifest.Cut) != 1 || strings.Contains(r.Manifest.TimeStampService, "hush") {
		t.Errorf("%+v", r.Manifest)
	}
	for _, f := range r.Manifest.Files {
		if strings.Contains(f.Path, "..") || strings.Contains(f.Path, "evil") {
			t.Errorf("%s is named by the site", f.Path)
		}
	}
}

// TestEveryByte flips bits in every file of a bundle, from its first byte to its
// end, and expects each to be noticed in the file it was in.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	key, _ := newKey(t)
	for name, o := range map[string]Options{
		"unsigned": {}, "signed and stamped": {Key: key, Stamper: newService(t).start(t)},
		"without a stamp": {Key: key, Stamper: &Stamper{URL: "http://127.0.0.1:1/", Client: &http.Client{Timeout: time.Second}}},
	} {
		dir := write(t, o)
		if r := verify(t, dir, Check{}); len(r.Problems) > 0 {
			t.Fatalf("%s: %v", name, r.Problems)
		}
		err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, _ := filepath.Rel(dir, file)
			rel = filepath.ToSlash(rel)
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			step := max(1, len(data)/8) | 1 // odd, so that every bit of a byte has its turn
			if slices.Contains(sealed[:], rel) || rel == sumsName {
				step = max(1, len(data)/40) | 1
			} else if o.Stamper == nil || o.Key == nil {
				return nil // as in the bundle that is signed and stamped
			}
			for at := 0; at < len(data); at += step {
				changed := bytes.Clone(data)
				changed[at] ^= 1 << (at % 8)
				if err := os.WriteFile(file, changed, 0o600); err != nil {
					return err
				}
				r, err := Verify(dir, Check{})
				if err != nil {
					return err
				}
				named := slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Path == rel || rel == sumsName })
				if len(r.Problems) == 0 || !named {
					t.Errorf("%s: %s, byte %d of %d: %v", name, rel, at, len(data), r.Problems)
				}
			}
			return os.WriteFile(file, data, 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
		if r := verify(t, dir, Check{}); len(r.Problems) > 0 {
			t.Errorf("%s, restored: %v", name, r.Problems)
		}
	}
}

func TestVerifyNames(t *testing.T) {
	t.Parallel()
	key, _ := newKey(t)
	_, other := newKey(t)
	otherKey, otherPublic := newKey(t)
	tests := map[string]struct {
		do    func(dir string) error
		check Check
		want  []string
	}{
		"missing":           {do: func(d string) error { return os.Remove(d + "/scan.json") }, want: []string{"scan.json: missing"}},
		"added":             {do: func(d string) error { return os.WriteFile(d+"/har/x.har", nil, 0o600) }, want: []string{"har/x.har: added"}},
		"added folder":      {do: func(d string) error { return os.MkdirAll(d+"/x/y", 0o750) }, want: []string{"x: an added folder", "x/y: an added folder"}},
		"symlink":           {do: func(d string) error { return relink(d, "scan.json") }, want: []string{"scan.json: a symbolic link, which a bundle has none of"}},
		"symlink outside":   {do: func(d string) error { return os.Symlink("/etc/hostname", d+"/x") }, want: []string{"x: a symbolic link, which a bundle has none of"}},
		"folder for file":   {do: func(d string) error { return errorsOf(os.Remove(d+"/dns.json"), os.Mkdir(d+"/dns.json", 0o750)) }, want: []string{"dns.json: a folder in the place of a file"}},
		"signature gone":    {do: func(d string) error { return os.Remove(d + "/manifest.sig") }, want: []string{"manifest.sig: missing", "manifest.sig: missing: the manifest says that the bundle is signed"}},
		"manifest gone":     {do: func(d string) error { return os.Remove(d + "/manifest.json") }, want: []string{"manifest.json: missing: the bundle is not whole", "manifest.json: missing"}},
		"another signer":    {do: func(string) error { return nil }, check: Check{Key: other}, want: []string{"signed by another key than the one that is expected"}},
		"signed anew":       {do: func(d string) error { return reseal(d, otherKey, otherPublic) }, want: []string{"signer.pem: not the key that the manifest names"}},
		"nothing":           {do: func(string) error { return nil }},
		"a swapped picture": {do: func(d string) error { return os.Rename(d+"/screenshots/002.png", d+"/screenshots/001.png") }, want: []string{"screenshots/001.png: altered", "screenshots/002.png: missing"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := write(t, Options{Key: key})
			if err := test.do(dir); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range verify(t, dir, test.check).Problems {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// relink puts a link to a file with the same bytes in its place.
func relink(dir, name string) error {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	other := dir + ".copy"
	return errorsOf(os.WriteFile(other, data, 0o600), os.Remove(filepath.Join(dir, name)), os.Symlink(other, filepath.Join(dir, name)))
}

// reseal signs the same manifest with another key, checksums included.
func reseal(dir string, key ed25519.PrivateKey, public ed25519.PublicKey) error {
	files := map[string][]byte{}
	var err error
	if files[manifestName], err = os.ReadFile(filepath.Join(dir, manifestName)); err != nil {
		return err
	}
	files[signatureName] = ed25519.Sign(key, files[manifestName])
	if files[signerName], err = encodePublic(public); err != nil {
		return err
	}
	files[sumsName] = sums(files)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "..", "../x", "a/b", ".x", "a\x00b"} {
		scan := sampleScan()
		scan.ID = id
		if _, err := Write(t.Context(), Options{Dir: t.TempDir()}, Record{Scan: scan}, nil); err == nil {
			t.Errorf("a bundle of scan %q was written", id)
		}
	}
	dir := write(t, Options{})
	if _, err := Write(t.Context(), Options{Dir: filepath.Dir(dir)}, sampleRecord(), nil); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a bundle was overwritten: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestCutOff stops before the manifest is there: what is left says so.
func TestCutOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := &writer{dir: dir}
	if err := w.content(Options{}, &Manifest{}, sampleRecord(), sampleCapture()); err != nil {
		t.Fatal(err)
	}
	r := verify(t, dir, Check{})
	if len(r.Problems) == 0 || !strings.Contains(r.Problems[0].String(), "manifest.json: missing: the bundle is not whole") {
		t.Errorf("%v", r.Problems)
	}
}

func TestVerifyUnreadable(t *testing.T) {
	t.Parallel()
	if _, err := Verify(filepath.Join(t.TempDir(), "none"), Check{}); err == nil {
		t.Error("a folder that is not there was verified")
	}
}

// TestOtherPrograms checks a bundle with programs that are not ours, as its
// README.txt says.
func TestOtherPrograms(t *testing.T) {
	t.Parallel()
	key, _ := newKey(t)
	s := newService(t)
	dir := write(t, Options{Key: key, Stamper: s.start(t)})
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, certificatePEM(s.root.Raw), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"sha256sum -c SHA256SUMS",
		"openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.json -sigfile manifest.sig",
		"openssl ts -verify -data manifest.json -in manifest.tsr -CAfile " + root,
	} {
		args := strings.Fields(line)
		if _, err := exec.LookPath(args[0]); err != nil {
			t.Logf("%s is not installed", args[0])
			continue
		}
		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", line, err, out)
		}
	}
}
