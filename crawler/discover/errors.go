package discover

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"syscall"
)

// What can come of a fetch besides an answer. An answer with an error status is
// an answer, not an error.
var (
	// ErrNotResolved: the host has no address, or its name server does not answer.
	ErrNotResolved = errors.New("host does not resolve")
	// ErrRefused: the host refuses connections to the port.
	ErrRefused = errors.New("connection refused")
	// ErrTLS: no secure connection could be agreed, or the certificate is not valid.
	ErrTLS = errors.New("no valid TLS connection")
	// ErrTimeout: the answer was not there, or not whole, when the time was up.
	ErrTimeout = errors.New("no whole answer in time")
	// ErrRedirectLoop: more redirects than a browser follows.
	ErrRedirectLoop = errors.New("too many redirects")
	// ErrTooLarge: the answer is longer than the limit.
	ErrTooLarge = errors.New("answer is too large")
	// ErrConnection: the connection could not be made or broke, for another reason.
	ErrConnection = errors.New("connection failed")
	// ErrEncoding: the answer came in a content encoding that was not asked for
	// and cannot be undone.
	ErrEncoding = errors.New("answer cannot be decoded")
)

// errFetchTimeout is the cause that Options.Timeout gives to a context.
var errFetchTimeout = errors.New("fetch time-out")

// classify returns the sentinel that names a transport error, or the context's
// own error where the caller ended the fetch.
func classify(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errFetchTimeout) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	for _, known := range []error{ErrAddress, ErrRedirectLoop, ErrTooLarge, ErrEncoding} {
		if errors.Is(err, known) {
			return known
		}
	}
	var (
		dns     *net.DNSError
		timeout net.Error
	)
	switch {
	case ctx.Err() != nil:
		return ErrTimeout
	case errors.As(err, &dns):
		return ErrNotResolved
	case errors.Is(err, syscall.ECONNREFUSED):
		return ErrRefused
	case isTLS(err):
		return ErrTLS
	case errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout
	}
	return ErrConnection
}

func isTLS(err error) bool {
	var (
		verify *tls.CertificateVerificationError
		record tls.RecordHeaderError
		alert  tls.AlertError
		host   x509.HostnameError
		auth   x509.UnknownAuthorityError
		cert   x509.CertificateInvalidError
	)
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &host) || errors.As(err, &auth) || errors.As(err, &cert)
}
