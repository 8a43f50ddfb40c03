package alert

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile is a message whose names do what they can.
func hostile() *Message {
	return &Message{
		ID: "alert_1", Site: "https://weir.test/", Host: "weir.test\r\nBcc: all@weir.test", Scan: "scan1", Started: day,
		Events: []Event{{
			Subject: Cookie, State: New, Name: "<!channel>", Key: "cookie/1",
			Text: "The cookie <!channel> *bold* <https://evil.test|here>\r\n.\r\nQUIT\r\n\u202e\x1b[2J of weir.test",
		}},
	}
}

func quick(p *poster) { p.wait = time.Millisecond }

func TestWebhook(t *testing.T) {
	t.Parallel()
	const secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	calls := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h := r.Header
		key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if h.Get("Webhook-Signature") != "v1,"+sign(key, h.Get("Webhook-Id"), h.Get("Webhook-Timestamp"), body) {
			t.Error("the signature does not fit")
		}
		if h.Get("Webhook-Id") != "alert_1" || h.Get("Idempotency-Key") != "alert_1" {
			t.Errorf("headers: %v", h)
		}
		var m struct{ Schema, Type, Host string }
		if err := json.Unmarshal(body, &m); err != nil || m.Schema != schema || m.Type != "scan.changed" {
			t.Errorf("body %s: %v", body, err)
		}
		if calls++; calls < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	s, err := NewWebhook(server.URL, secret, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	quick(&s.(*webhook).poster)
	if err := s.Send(t.Context(), hostile()); err != nil || calls != 3 {
		t.Errorf("after %d calls: %v", calls, err)
	}
	// A certificate that nobody vouches for.
	s, _ = NewWebhook(server.URL, secret, nil)
	quick(&s.(*webhook).poster)
	if err := s.Send(t.Context(), hostile()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("untrusted certificate: %v", err)
	}
}

// TestSignature is the example of the specification.
func TestSignature(t *testing.T) {
	t.Parallel()
	key, _ := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if got := sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); got != "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got)
	}
}

func TestWebhookRefused(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"an error of the sender": 400, "gone": 410, "a redirection": 307} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls++
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
			}))
			t.Cleanup(server.Close)
			s, _ := NewWebhook(server.URL+"/hook?token=hush", "hush", nil)
			if err := s.Send(t.Context(), hostile()); err == nil || calls != 1 || strings.Contains(err.Error(), "hush") {
				t.Errorf("%d calls: %v", calls, err)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		server.Close()
		s := NewSlack(server.URL+"/services/hush", nil)
		quick(&s.(*slack).poster)
		if err := s.Send(t.Context(), hostile()); err == nil || strings.Contains(err.Error(), "hush") {
			t.Error(err)
		}
	})
	if _, err := NewWebhook("https://weir.test/", "whsec_hush!", nil); err == nil || strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
}

func TestSlack(t *testing.T) {
	t.Parallel()
	var got slackMessage
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	m := hostile()
	for range 60 {
		m.Events = append(m.Events, m.Events[0])
	}
	if err := NewSlack(server.URL, nil).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got.Mrkdwn || strings.ContainsAny(got.Text, "<>\n\r") || len(got.Blocks) != slackBlocks+2 {
		t.Errorf("%d blocks, text %q", len(got.Blocks), got.Text)
	}
	for _, b := range got.Blocks {
		if b.Text.Type != "plain_text" || strings.ContainsAny(b.Text.Text, "\n\r\x1b\u202e") {
			t.Errorf("block %+v", b)
		}
	}
}

// A postOffice takes mail by SMTP with STARTTLS and a password.
type postOffice struct {
	addr  string
	roots *x509.CertPool
	mails chan string
	seen  chan []string // commands of a connection
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	certificates := httptest.NewUnstartedServer(nil)
	certificates.StartTLS()
	t.Cleanup(certificates.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{addr: listener.Addr().String(), roots: x509.NewCertPool(), mails: make(chan string, 9), seen: make(chan []string, 9)}
	p.roots.AddCert(certificates.Certificate())
	done := make(chan struct{})
	t.Cleanup(func() { listener.Close(); <-done })
	go func() {
		defer close(done)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			p.seen <- p.serve(c, certificates.TLS)
		}
	}()
	return p
}

func (p *postOffice) serve(c net.Conn, config *tls.Config) (commands []string) {
	defer func() { c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	in := bufio.NewReader(c)
	fmt.Fprint(c, "220 post.test ESMTP\r\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return commands
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		commands = append(commands, verb)
		switch verb {
		case "EHLO":
			fmt.Fprint(c, "250-post.test\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n")
		case "STARTTLS":
			fmt.Fprint(c, "220 go on\r\n")
			c = tls.Server(c, config)
			in = bufio.NewReader(c)
		case "AUTH":
			fmt.Fprint(c, "235 good\r\n")
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			var b strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(line, "."))
			}
			p.mails <- b.String()
			fmt.Fprint(c, "250 taken\r\n")
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return commands
		default:
			fmt.Fprint(c, "250 good\r\n")
		}
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	p := newPostOffice(t)
	settings := Mail{
		URL: "smtp://watch@" + p.addr, Password: "hush", From: "watch@weir.test", To: []string{"team@weir.test", "law@weir.test"},
		TLS: &tls.Config{RootCAs: p.roots, ServerName: "example.com", MinVersion: tls.VersionTLS12},
	}
	s, err := NewMail(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), hostile()); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(<-p.mails))
	if err != nil {
		t.Fatal(err)
	}
	title, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || title != "cookieaudit: weir.test  Bcc: all@weir.test: 1 new" {
		t.Errorf("subject %q, %v", title, err)
	}
	if m.Header.Get("Bcc") != "" || m.Header.Get("Message-Id") != "<alert_1@weir.test>" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("header %v", m.Header)
	}
	commands := <-p.seen
	if tlsAt, authAt := slices.Index(commands, "STARTTLS"), slices.Index(commands, "AUTH"); tlsAt < 0 || authAt < tlsAt {
		t.Errorf("commands: %v", commands)
	}

	settings.TLS = nil // the certificate is nobody's
	s, _ = NewMail(settings)
	if err := s.Send(t.Context(), hostile()); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("untrusted certificate: %v", err)
	}
	if commands := <-p.seen; slices.Contains(commands, "AUTH") || slices.Contains(commands, "MAIL") {
		t.Errorf("commands to a server that is not trusted: %v", commands)
	}
}

func TestMailSettings(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "mail.weir.test", "http://mail.weir.test", "smtp://", "smtp://mail.weir.test:x", "smtp://mail.weir.test?tls=none"} {
		if _, err := NewMail(Mail{URL: url}); err == nil {
			t.Errorf("%s: no error", url)
		}
	}
	for _, url := range []string{"smtp://mail.weir.test", "smtps://me@mail.weir.test:465", "smtp://127.0.0.1:25?tls=none"} {
		if _, err := NewMail(Mail{URL: url}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
