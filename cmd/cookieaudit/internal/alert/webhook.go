package alert

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// schema names the version of a webhook's body.
const schema = "cookieaudit/alert/v1"

// A webhook posts messages as JSON, signed as Standard Webhooks has it
// (https://www.standardwebhooks.com): HMAC-SHA256 over the ID, the time and the
// body.
type webhook struct {
	poster
	url string
	key []byte // empty for no signature
}

// NewWebhook returns a sender that posts to an address. A secret that begins
// with whsec_ is Base64, any other is the key itself; client is nil for the
// usual one.
func NewWebhook(url, secret string, client *http.Client) (Sender, error) {
	w := &webhook{poster: newPoster(client), url: url, key: []byte(secret)}
	if text, ok := strings.CutPrefix(secret, "whsec_"); ok {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("the key of a webhook begins with whsec_ and is not Base64 behind it")
		}
		w.key = key
	}
	return w, nil
}

// Send implements Sender.
func (w *webhook) Send(ctx context.Context, m *Message) error {
	body, err := json.Marshal(struct {
		Schema string `json:"schema"`
		Type   string `json:"type"`
		*Message
	}{schema, "scan.changed", m})
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	return w.post(ctx, w.url, body, func(now time.Time) http.Header {
		h := http.Header{}
		stamp := strconv.FormatInt(now.Unix(), 10)
		h.Set("Content-Type", "application/json")
		h.Set("User-Agent", "cookieaudit")
		h.Set("Webhook-Id", m.ID)
		h.Set("Idempotency-Key", m.ID)
		h.Set("Webhook-Timestamp", stamp)
		if len(w.key) > 0 {
			h.Set("Webhook-Signature", "v1,"+sign(w.key, m.ID, stamp, body))
		}
		return h
	})
}

func sign(key []byte, id, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
