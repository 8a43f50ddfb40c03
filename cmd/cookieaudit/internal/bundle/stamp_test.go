package bundle

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// A service is a time-stamping authority of the test's own.
type service struct {
	root *x509.Certificate
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	// fail answers instead; nil for none.
	fail func(w http.ResponseWriter, query *timestamp.Request) bool
}

func newService(t *testing.T) *service {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Authority of the test"}, NotBefore: epoch.Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Stamps of the test"}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature,
		// RFC 3161 section 2.3: critical, and this use alone.
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	s := &service{key: key}
	for _, c := range []struct {
		template *x509.Certificate
		into     **x509.Certificate
	}{{authority, &s.root}, {template, &s.cert}} {
		der, err := x509.CreateCertificate(rand.Reader, c.template, authority, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		if *c.into, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	query, err := timestamp.ParseRequest(body)
	if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "no query", http.StatusBadRequest)
		return
	}
	if s.fail != nil && s.fail(w, query) {
		return
	}
	_, _ = w.Write(s.answer(query))
}

func (s *service) answer(query *timestamp.Request) []byte {
	ts := timestamp.Timestamp{
		HashAlgorithm: query.HashAlgorithm, HashedMessage: query.HashedMessage, Time: epoch, Nonce: query.Nonce,
		Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: query.Certificates,
	}
	answer, err := ts.CreateResponseWithOpts(s.cert, s.key, crypto.SHA256)
	if err != nil {
		panic(err)
	}
	return answer
}

func (s *service) start(t *testing.T) *Stamper {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &Stamper{URL: server.URL + "/stamp?token=hush", Client: server.Client()}
}

// TestStampFails has services that do not answer as they should: the bundle is
// written, and says what became of the stamp.
func TestStampFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fail func(s *service, w http.ResponseWriter, q *timestamp.Request) bool
		want string
	}{
		"an error": {func(_ *service, w http.ResponseWriter, _ *timestamp.Request) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}, "HTTP 503"},
		"no answer": {func(_ *service, w http.ResponseWriter, _ *timestamp.Request) bool {
			fmt.Fprint(w, "<html>")
			return true
		}, "no time stamp that can be read"},
		"other data": {func(_ *service, _ http.ResponseWriter, q *timestamp.Request) bool {
			q.HashedMessage[0] ^= 1
			return false
		}, "other data"},
		"another query": {func(_ *service, _ http.ResponseWriter, q *timestamp.Request) bool {
			q.Nonce = big.NewInt(1)
			return false
		}, "another query"},
		"no certificate": {func(_ *service, _ http.ResponseWriter, q *timestamp.Request) bool {
			q.Certificates = false
			return false
		}, "no certificate"},
		"too long": {func(_ *service, w http.ResponseWriter, _ *timestamp.Request) bool {
			_, _ = w.Write(make([]byte, maxStamp+1))
			return true
		}, "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			s.fail = func(w http.ResponseWriter, q *timestamp.Request) bool { return test.fail(s, w, q) }
			r := verify(t, write(t, Options{Stamper: s.start(t)}), Check{})
			if len(r.Problems) > 0 || r.Stamp != nil || !strings.Contains(r.NoStamp, test.want) || strings.Contains(r.NoStamp, "hush") {
				t.Errorf("%q, %v, want %q", r.NoStamp, r.Problems, test.want)
			}
		})
	}
}

func TestStampOfAnother(t *testing.T) {
	t.Parallel()
	s, other := newService(t), newService(t)
	stamper := s.start(t)
	dir := write(t, Options{Stamper: stamper})
	roots := x509.NewCertPool()
	roots.AddCert(other.root)
	if r := verify(t, dir, Check{Roots: roots}); len(r.Problems) != 1 || !strings.Contains(r.Problems[0].What, "none of the roots") {
		t.Errorf("a service that leads to no root: %v", r.Problems)
	}
	// A genuine stamp of something else, with its checksum put right.
	answer, err := stamper.stamp(t.Context(), []byte("something else"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{stampName: answer, sumsName: sums(map[string][]byte{manifestName: manifest, stampName: answer})} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r := verify(t, dir, Check{}); len(r.Problems) != 1 || !strings.Contains(r.Problems[0].String(), "manifest.tsr: wrong time stamp: it is for other data") {
		t.Errorf("a stamp of something else: %v", r.Problems)
	}
}
