package alert

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"
)

// mailTime bounds the delivery of one mail.
const mailTime = 30 * time.Second

// Mail is how mails are sent.
type Mail struct {
	// URL is smtp://USER@HOST:PORT, where STARTTLS is demanded, or smtps://, where
	// TLS comes first. ?tls=none sends in clear, to a host on loopback only.
	URL      string
	Password string // of USER; empty for none
	From     string
	To       []string
	// TLS is for tests with a certificate of their own; nil for the usual checks.
	TLS *tls.Config
}

// mailer sends mails.
type mailer struct {
	host    string
	options []mail.Option
	from    string
	to      []string
}

// NewMail returns a sender of mails.
func NewMail(m Mail) (Sender, error) {
	u, err := url.Parse(m.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fmt.Errorf("the address of a mail server is written smtp://USER@HOST:PORT, or smtps:// where TLS comes first")
	}
	options := []mail.Option{mail.WithTimeout(mailTime)}
	plainly := u.Query().Get("tls") == "none"
	if plainly && !onLoopback(u.Hostname()) {
		return nil, fmt.Errorf("mail goes in clear to a host on loopback only")
	}
	switch {
	case u.Scheme == "smtps":
		options = append(options, mail.WithSSL(), mail.WithPort(465))
	case plainly:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS), mail.WithPort(25))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithPort(587))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, fmt.Errorf("the port of the mail server is no number")
		}
		options = append(options, mail.WithPort(port))
	}
	if user := u.User.Username(); user != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user), mail.WithPassword(m.Password))
	}
	if m.TLS != nil {
		options = append(options, mail.WithTLSConfig(m.TLS))
	}
	return &mailer{host: u.Hostname(), options: options, from: m.From, to: m.To}, nil
}

func onLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send implements Sender.
func (s *mailer) Send(ctx context.Context, m *Message) error {
	msg := mail.NewMsg()
	if err := msg.From(s.from); err != nil {
		return fmt.Errorf("the sender of the mail: %w", err)
	}
	if err := msg.To(s.to...); err != nil {
		return fmt.Errorf("who gets the mail: %w", err)
	}
	msg.Subject("cookieaudit: " + clip(subject(m), 200))
	// A mail that is sent again has the same ID: mail programs show it once.
	domain := "localhost"
	if _, host, ok := strings.Cut(strings.TrimRight(s.from, "> "), "@"); ok {
		domain = host
	}
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers from holidays
	msg.SetBodyString(mail.TypeTextPlain, body(m))
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("prepare the mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("send the mail: %w", err)
	}
	return nil
}
