package dns

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"time"
)

const (
	// defaultTimeout bounds one question to one server.
	defaultTimeout = 2 * time.Second
	// maxUDP is the largest answer over UDP that is read: what DNS flag day 2020
	// has servers send at most is a quarter of it.
	maxUDP = 4096
	port   = "53"
)

// A Resolver asks recursive name servers. It is safe for concurrent use.
type Resolver struct {
	servers []string // host:port, tried in order
	timeout time.Duration
	dialer  net.Dialer
}

// New returns a resolver that asks one server, given as an address with or
// without a port. A timeout of 0 is two seconds; it bounds each question.
func New(server string, timeout time.Duration) (*Resolver, error) {
	address, err := withPort(server)
	if err != nil {
		return nil, err
	}
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	return &Resolver{servers: []string{address}, timeout: timeout}, nil
}

// System returns a resolver that asks the servers of this machine, as
// resolv.conf(5) has them.
func System() (*Resolver, error) {
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return nil, fmt.Errorf("find this machine's name servers: %w", err)
	}
	defer f.Close()
	servers := nameservers(f)
	if len(servers) == 0 {
		return nil, errors.New("/etc/resolv.conf names no name server")
	}
	return &Resolver{servers: servers, timeout: defaultTimeout}, nil
}

func nameservers(r io.Reader) []string {
	var out []string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || fields[0] != "nameserver" {
			continue
		}
		if address, err := withPort(fields[1]); err == nil {
			out = append(out, address)
		}
	}
	return out
}

func withPort(server string) (string, error) {
	host, p, err := net.SplitHostPort(server)
	if err != nil {
		host, p = strings.Trim(server, "[]"), port
	}
	// A zone belongs to a link-local address of IPv6.
	if ip, _, _ := strings.Cut(host, "%"); net.ParseIP(ip) == nil {
		return "", fmt.Errorf("%q is no address of a name server", server)
	}
	return net.JoinHostPort(host, p), nil
}

// Server names the server that is asked first.
func (r *Resolver) Server() string { return r.servers[0] }

// Chain returns the names that a host's name is an alias of, from the first to
// the last; none where it is no alias. A name that does not exist is an error.
func (r *Resolver) Chain(ctx context.Context, host string) ([]string, error) {
	var failed []error
	for _, server := range r.servers {
		names, err := r.ask(ctx, server, host)
		if err == nil {
			return names, nil
		}
		failed = append(failed, fmt.Errorf("ask %s for %s: %w", server, host, err))
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(failed...)
}

func (r *Resolver) ask(ctx context.Context, server, host string) ([]string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.timeout, fmt.Errorf("no answer within %s", r.timeout))
	defer cancel()
	q := question{id: uint16(rand.Uint32()), host: host} //nolint:gosec // an identifier of 16 bits; the socket's port is random as well
	packet, err := q.pack()
	if err != nil {
		return nil, err
	}
	answer, err := r.exchange(ctx, "udp", server, packet)
	if err != nil {
		return nil, err
	}
	names, err := q.read(answer)
	if !errors.Is(err, errTruncated) {
		return names, err
	}
	if answer, err = r.exchange(ctx, "tcp", server, packet); err != nil {
		return nil, err
	}
	return q.read(answer)
}

// exchange sends a packet and reads the answer. Over TCP a length of two bytes
// goes before each message (RFC 1035, section 4.2.2).
func (r *Resolver) exchange(ctx context.Context, network, server string, packet []byte) (answer []byte, err error) {
	conn, err := r.dialer.DialContext(ctx, network, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
	}()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if network == "udp" {
		if _, err := conn.Write(packet); err != nil {
			return nil, err
		}
		buf := make([]byte, maxUDP)
		n, err := conn.Read(buf)
		return buf[:n], err
	}
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)); err != nil {
		return nil, err
	}
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, err
	}
	buf := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err = io.ReadFull(conn, buf)
	return buf, err
}
