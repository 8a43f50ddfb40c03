package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"cookieaudit/fixtures"
	"cookieaudit/fixtures/rules"
)

// The whole way of an alias: the browser connects through a proxy, a name server
// is asked over the network what the site's names are, and the report calls the
// tracker behind one of them by its name. The twin's leads to a delivery network.
func TestAliasOfATracker(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	cases, err := rules.Cases()
	if err != nil {
		t.Fatal(err)
	}
	o, err := rules.Options(cases)
	if err != nil {
		t.Fatal(err)
	}
	server := serveFixtures(t, o)
	proxy, names := tunnel(t, secureAddress(t, server)), nameServer(t, server.Names())
	for variant, want := range map[string]string{"bad": "violation", "good": "pass"} {
		t.Run(variant, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			known, err := fixtures.Knowledge()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "known.yaml"), known, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "scan", "--insecure", "--proxy", "http://"+proxy, "--dns", names, "--knowledge", "known.yaml", "--pages", "0",
				"--phases", "before,accept", "--fail-on", "none", "--db", "x.db", "--only", "CNAME_CLOAKED_TRACKER", "--format", "json=r.json", "https://www.cname-"+variant+".test/")
			cmd.Args[0], cmd.Dir = "cookieaudit", dir
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			var r struct {
				Findings []struct{ Verdict, Message string }
			}
			if err := json.Unmarshal([]byte(readFile(t, filepath.Join(dir, "r.json"))), &r); err != nil {
				t.Fatal(err)
			}
			if len(r.Findings) != 1 || r.Findings[0].Verdict != want {
				t.Fatalf("want one %s, got %+v", want, r.Findings)
			}
			if m := r.Findings[0].Message; want == "violation" && !(strings.Contains(m, "go.cname-bad.test") && strings.Contains(m, "mill.kite-statistics.test")) {
				t.Errorf("it does not say which name stands for whom: %s", m)
			}
		})
	}
}

// tunnel is a proxy that leads every connection to one address.
func tunnel(t *testing.T, to string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() {
		cancel()
		l.Close()
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go connect(ctx, c, to)
		}
	}()
	return l.Addr().String()
}

func connect(ctx context.Context, c net.Conn, to string) {
	defer c.Close()
	in := bufio.NewReader(c)
	if r, err := http.ReadRequest(in); err != nil || r.Method != http.MethodConnect {
		return
	}
	var d net.Dialer
	up, err := d.DialContext(ctx, "tcp", to)
	if err != nil {
		return
	}
	defer up.Close()
	defer context.AfterFunc(ctx, func() { c.Close(); up.Close() })()
	io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		io.Copy(up, in) //nolint:errcheck // the browser may have gone
		up.Close()
	}()
	io.Copy(c, up) //nolint:errcheck // the browser may have gone
}

// nameServer answers over UDP what names are aliases of.
func nameServer(t *testing.T, names fixtures.Names) string {
	t.Helper()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { udp.Close() })
	go func() {
		for buf := make([]byte, 4096); ; {
			n, from, err := udp.ReadFrom(buf)
			if err != nil {
				return
			}
			if out, err := aliases(buf[:n], names); err == nil {
				udp.WriteTo(out, from) //nolint:errcheck // the client may have gone
			}
		}
	}()
	return udp.LocalAddr().String()
}

func aliases(packet []byte, names fixtures.Names) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil {
		return nil, err
	}
	m.Response = true
	name := m.Questions[0].Name
	for _, target := range names[strings.TrimSuffix(name.String(), ".")] {
		next, err := dnsmessage.NewName(target + ".")
		if err != nil {
			return nil, err
		}
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET}, Body: &dnsmessage.CNAMEResource{CNAME: next},
		})
		name = next
	}
	m.Answers = append(m.Answers, dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET}, Body: &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}},
	})
	return m.Pack()
}
