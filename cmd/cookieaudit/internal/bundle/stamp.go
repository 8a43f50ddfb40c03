package bundle

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// A Stamper asks a time-stamping service (RFC 3161 over HTTP, section 3.4).
type Stamper struct {
	URL string
	// Client sends the request; it must have a time-out.
	Client *http.Client
}

// maxStamp bounds an answer, in bytes: with its chain it has some ten thousand.
const maxStamp = 1 << 20

// stamp returns the service's answer for some data, checked.
func (s *Stamper) stamp(ctx context.Context, data []byte) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("make a nonce: %w", err)
	}
	query, err := timestamp.CreateRequest(bytes.NewReader(data), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true, Nonce: nonce})
	if err != nil {
		return nil, fmt.Errorf("make the query: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(query))
	if err != nil {
		return nil, errors.New("its address cannot be used") // which may hold a password
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	resp, err := s.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the service: %w", withoutAddress(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask the service: HTTP %d", resp.StatusCode)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxStamp+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	case len(answer) > maxStamp:
		return nil, fmt.Errorf("read the answer: it has more than %d bytes", maxStamp)
	}
	t, err := parseStamp(answer, data)
	if err != nil {
		return nil, err
	}
	if t.nonce == nil || t.nonce.Cmp(nonce) != 0 {
		return nil, errors.New("the answer is one to another query")
	}
	return answer, nil
}

// withoutAddress leaves out of a client's error the address, which may hold a
// password.
func withoutAddress(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// A Stamp is what a time stamp says.
type Stamp struct {
	Time    time.Time
	Service string // subject of the certificate that signed it
	// Rooted is whether that certificate leads to a root that the verifier trusts
	// for time stamps; nil where no roots were given.
	Rooted *bool

	signer *x509.Certificate
	chain  []*x509.Certificate
	nonce  *big.Int
}

var errStamp = errors.New("it is no time stamp that can be read")

// parseStamp reads an answer and checks that it is signed and speaks of the data.
func parseStamp(answer, data []byte) (s *Stamp, err error) {
	defer func() {
		if recover() != nil { // a parser of foreign bytes
			s, err = nil, errStamp
		}
	}()
	t, err := timestamp.ParseResponse(answer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStamp, err)
	}
	if want := sha256.Sum256(data); t.HashAlgorithm != crypto.SHA256 || !bytes.Equal(t.HashedMessage, want[:]) {
		return nil, errors.New("it is for other data")
	}
	p7, err := pkcs7.Parse(t.RawToken)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStamp, err)
	}
	// Without certificates the library checks no signature.
	signer := p7.GetOnlySigner()
	if signer == nil {
		return nil, errors.New("it holds no certificate of who signed it")
	}
	return &Stamp{Time: t.Time.UTC(), Service: signer.Subject.String(), signer: signer, chain: p7.Certificates, nonce: t.Nonce}, nil
}

// rooted checks the service's certificate against roots, at the time that is
// stamped.
func (s *Stamp) rooted(roots *x509.CertPool) {
	between := x509.NewCertPool()
	for _, c := range s.chain {
		between.AddCert(c)
	}
	_, err := s.signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: s.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	ok := err == nil
	s.Rooted = &ok
}
