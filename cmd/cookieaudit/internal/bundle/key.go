package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

const (
	privateBlock = "PRIVATE KEY"
	publicBlock  = "PUBLIC KEY"
)

var errNoKey = errors.New("it holds no Ed25519 key in PEM")

// NewKey makes a key pair, both in PEM (RFC 8410): what openssl reads and writes.
func NewKey() (private, public []byte, err error) {
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(priv)
	if err != nil {
		return nil, nil, fmt.Errorf("encode the key: %w", err)
	}
	public, err = encodePublic(pub)
	return pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der}), public, err
}

func encodePublic(key ed25519.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: der}), nil
}

// ParsePrivate reads a private key. Its error never repeats what it read.
func ParsePrivate(data []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != privateBlock {
		return nil, errNoKey
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errNoKey
	}
	if k, ok := key.(ed25519.PrivateKey); ok {
		return k, nil
	}
	return nil, errNoKey
}

// ParsePublic reads a public key, or the public half of a private one.
func ParsePublic(data []byte) (ed25519.PublicKey, error) {
	if k, err := ParsePrivate(data); err == nil {
		if pub, ok := k.Public().(ed25519.PublicKey); ok {
			return pub, nil
		}
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != publicBlock {
		return nil, errNoKey
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errNoKey
	}
	if k, ok := key.(ed25519.PublicKey); ok {
		return k, nil
	}
	return nil, errNoKey
}

// parseSigner reads the public key of a bundle, which is written in one form.
func parseSigner(data []byte) (ed25519.PublicKey, error) {
	key, err := ParsePublic(data)
	if err != nil {
		return nil, err
	}
	again, err := encodePublic(key)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, data) {
		return nil, errNoKey
	}
	return key, nil
}

// Fingerprint names a public key: the SHA-256 of its DER form (RFC 8410), as
// "openssl pkey -pubin -outform DER | sha256sum" prints it.
func Fingerprint(key ed25519.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("encode the public key: %w", err)
	}
	s := sha256.Sum256(der)
	return "sha256:" + hex.EncodeToString(s[:]), nil
}
