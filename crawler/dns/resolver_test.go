package dns

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/dns/dnsmessage"
)

// A zone maps names to what they are aliases of.
type zone map[string]string

// answer builds what a recursive server sends; it cuts an answer of more than
// two aliases off over UDP.
func (z zone) answer(t *testing.T, packet []byte, udp bool) []byte {
	t.Helper()
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil {
		t.Error(err)
		return nil
	}
	m.Response = true
	name := canonical(m.Questions[0].Name.String())
	switch {
	case strings.HasPrefix(name, "missing."):
		m.RCode = dnsmessage.RCodeNameError
	case strings.HasPrefix(name, "broken."):
		m.RCode = dnsmessage.RCodeServerFailure
	case strings.HasPrefix(name, "forged."):
		m.ID++
	}
	for n := 0; z[name] != "" && n < 20; n++ {
		if udp && n == 2 {
			m.Answers, m.Truncated = nil, true
			break
		}
		m.Answers = append(m.Answers, alias(name, z[name]))
		name = z[name]
	}
	if !m.Truncated && m.RCode == 0 {
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(name + "."), Class: dnsmessage.ClassINET},
			Body:   &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}},
		})
	}
	out, err := m.Pack()
	if err != nil {
		t.Error(err)
	}
	return out
}

func alias(name, target string) dnsmessage.Resource {
	return dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(strings.ToUpper(name) + "."), Class: dnsmessage.ClassINET},
		Body:   &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(target + ".")},
	}
}

// serve answers over UDP and TCP on one port of 127.0.0.1.
func (z zone) serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{}, 2)
	go func() {
		defer func() { done <- struct{}{} }()
		for buf := make([]byte, maxUDP); ; {
			n, from, err := udp.ReadFrom(buf)
			if err != nil {
				return
			}
			if !strings.Contains(string(buf[:n]), "silent") {
				udp.WriteTo(z.answer(t, buf[:n], true), from) //nolint:errcheck // the client may have gone
			}
		}
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			z.converse(t, conn)
		}
	}()
	t.Cleanup(func() {
		l.Close()
		udp.Close()
		<-done
		<-done
	})
	return l.Addr().String()
}

func (z zone) converse(t *testing.T, conn net.Conn) {
	t.Helper()
	defer conn.Close()
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return
	}
	buf := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, buf); err != nil {
		return
	}
	out := z.answer(t, buf, false)
	conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
}

func TestChain(t *testing.T) {
	t.Parallel()
	server := zone{
		"stats.mill.test": "mill.kite.test", "mill.kite.test": "lb7.hosting.test",
		"long.mill.test": "a.test", "a.test": "b.test", "b.test": "c.test", "c.test": "d.test",
		"round.mill.test": "x.test", "x.test": "y.test", "y.test": "x.test",
	}.serve(t)
	r, err := New(server, 300*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		host string
		want []string
		fail string
	}{
		{host: "www.mill.test"},
		{host: "Stats.Mill.test", want: []string{"mill.kite.test", "lb7.hosting.test"}},
		{host: "long.mill.test", want: []string{"a.test", "b.test", "c.test", "d.test"}},
		{host: "round.mill.test", want: []string{"x.test", "y.test"}},
		{host: "missing.mill.test", fail: "the name does not exist"},
		{host: "broken.mill.test", fail: "the server says ServerFailure"},
		{host: "forged.mill.test", fail: "no answer to the question"},
		{host: "silent.mill.test", fail: "no answer within 300ms"},
		{host: strings.Repeat("x", 64) + ".test", fail: "segment length"},
	}
	for _, tt := range tests {
		t.Run(tt.host[:min(len(tt.host), 20)], func(t *testing.T) {
			t.Parallel()
			got, err := r.Chain(t.Context(), tt.host)
			if tt.fail != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fail) {
					t.Errorf("got %q, %v, want an error with %q", got, err, tt.fail)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A server that is not there is not the end where there is another one.
func TestSecondServer(t *testing.T) {
	t.Parallel()
	server := zone{"a.test": "b.test"}.serve(t)
	r := &Resolver{servers: []string{"127.0.0.1:1", server}, timeout: time.Second}
	got, err := r.Chain(t.Context(), "a.test")
	if err != nil || len(got) != 1 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestNameservers(t *testing.T) {
	t.Parallel()
	got := nameservers(strings.NewReader("# made by hand\nsearch example.org\nnameserver 192.0.2.1\n nameserver\t2001:db8::1 \nnameserver fe80::1%eth0\nnameserver nonsense\noptions edns0\n"))
	if diff := cmp.Diff([]string{"192.0.2.1:53", "[2001:db8::1]:53", "[fe80::1%eth0]:53"}, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "dns.example", "example:53", "192.0.2.1:53:1"} {
		if _, err := New(bad, 0); err == nil {
			t.Errorf("%q was taken for a name server", bad)
		}
	}
}

// What a server sends is hostile: it may be anything, and never more than a
// chain of names comes of it.
func FuzzRead(f *testing.F) {
	q := question{id: 7, host: "www.mill.test"}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: 7, Response: true},
		Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName("www.mill.test."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
		Answers:   []dnsmessage.Resource{alias("www.mill.test", "a.test"), alias("a.test", "b.test")},
	}
	whole, err := m.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:20])
	f.Fuzz(func(t *testing.T, packet []byte) {
		names, err := q.read(packet)
		if err != nil && names != nil || len(names) > maxChain {
			t.Errorf("%q, %v", names, err)
		}
		if errors.Is(err, errTruncated) && len(packet) < 12 {
			t.Error("an answer without a head was cut off")
		}
	})
}
