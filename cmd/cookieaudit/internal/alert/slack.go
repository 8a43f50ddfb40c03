package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Slack's bounds: blocks of a message, letters of a block's text.
const (
	slackBlocks = 40
	slackText   = 2900
)

// A slack posts messages to an incoming webhook of Slack, or of what
// understands its payload.
type slack struct {
	poster
	url string
}

// NewSlack returns a sender that posts to an incoming webhook; client is nil for
// the usual one.
func NewSlack(url string, client *http.Client) Sender {
	return &slack{poster: newPoster(client), url: url}
}

// Blocks of Slack. Text is plain everywhere: names come from sites, and
// "<!channel>" or a link must not do anything.
type (
	slackMessage struct {
		Text   string       `json:"text"` // of the notification
		Mrkdwn bool         `json:"mrkdwn"`
		Blocks []slackBlock `json:"blocks"`
	}
	slackBlock struct {
		Type string     `json:"type"`
		Text slackPlain `json:"text"`
	}
	slackPlain struct {
		Type  string `json:"type"`
		Text  string `json:"text"`
		Emoji bool   `json:"emoji"`
	}
)

// Send implements Sender.
func (s *slack) Send(ctx context.Context, m *Message) error {
	out := slackMessage{Text: slackEscape(subject(m))}
	out.add("header", clip(subject(m), 140))
	for i, e := range m.Events {
		if i == slackBlocks {
			out.add("section", fmt.Sprintf("… and %d more", len(m.Events)-i))
			break
		}
		out.add("section", clip(line(&e), slackText))
	}
	body, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	return s.post(ctx, s.url, body, func(time.Time) http.Header {
		return http.Header{"Content-Type": {"application/json"}, "User-Agent": {"cookieaudit"}, "Idempotency-Key": {m.ID}}
	})
}

func (m *slackMessage) add(kind, text string) {
	m.Blocks = append(m.Blocks, slackBlock{kind, slackPlain{"plain_text", text, false}})
}

// slackEscape escapes what Slack asks to be escaped in a text.
func slackEscape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
