package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// alertKey signs the webhooks of TestAlertsOfServe.
const alertKey = "a key of this test"

// TestAlertsOfServe scans a site that changes, by a schedule and by lists, and has
// a webhook, a mailbox and a Slack told of it: of every change once.
func TestAlertsOfServe(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	inbox := receive(t)
	post := newMailServer(t)
	site := &changingSite{}
	d := deploy(t, map[string]http.Handler{"shop.test": site, "www.google-analytics.com": http.HandlerFunc(analytics)}, "q.db", "before",
		fmt.Sprintf(`schedules: {yearly: {cron: "@yearly"}}
sites: [{url: "https://shop.test/", schedule: yearly}]
alerts:
- {kind: webhook, url: "%s/hook", secret_env: ALERT_KEY}
- {kind: slack, url: "${ENV:ALERT_SLACK}"}
- {kind: smtp, url: "smtp://%s?tls=none", from: watch@weir.test, to: [team@weir.test]}`, inbox.URL, post.Addr()))
	d.env = append(d.env, "ALERT_KEY="+alertKey, "ALERT_SLACK="+inbox.URL+"/slack")
	db, _ := d.open(t)
	// The schedule was last run in another year: a slot was missed.
	if _, err := db.DB().ExecContext(t.Context(), `INSERT INTO slots (schedule, slot) VALUES ('yearly', 0)`); err != nil {
		t.Fatal(err)
	}
	d.start(t, "serve", "--listen", "127.0.0.1:0")
	// settled waits until so many scans are recorded and told of.
	settled := func(scans int) {
		t.Helper()
		eventually(t, fmt.Sprintf("%d scans are told of", scans), func() bool {
			var done int
			err := db.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'alert' AND state = 'completed'`).Scan(&done)
			return err == nil && done == scans
		})
	}
	settled(1)
	for i, step := range []struct {
		name  string
		state siteState
		want  []string // subjects that are told, with their states
	}{
		{"a tracker", siteState{tracker: true}, []string{"new cookie", "new finding", "new provider"}},
		{"the same", siteState{tracker: true}, nil},
		{"another policy", siteState{tracker: true, policy: "We have changed these rules."}, []string{"changed policy"}},
		{"away", siteState{away: true}, []string{"new unreachable"}},
		{"still away", siteState{away: true}, nil},
		{"back without a tracker", siteState{policy: "We have changed these rules."}, []string{"over cookie", "over finding", "over provider", "over unreachable"}},
	} {
		before := inbox.counts()
		site.state.Store(&step.state)
		d.run(t, "enqueue", "--batch", fmt.Sprint("step", i), "https://shop.test/")
		settled(i + 2)
		told := inbox.hooks[before["/hook"]:]
		var got []string
		for _, m := range told {
			for _, e := range m.Events {
				got = append(got, e.State+" "+e.Subject)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(step.want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: (-want +told)\n%s", step.name, diff)
		}
		messages := min(len(step.want), 1)
		if after := inbox.counts(); after["/hook"]-before["/hook"] != messages || after["/slack"]-before["/slack"] != messages {
			t.Errorf("%s: %v messages after %v, want %d more each", step.name, after, before, messages)
		}
	}
	if n := post.mails.Load(); n != 4 {
		t.Errorf("%d mails came, want 4", n)
	}
}

// A siteState is how a site is for the moment.
type siteState struct {
	tracker, away bool
	policy        string
}

// A changingSite is a site with a policy.
type changingSite struct{ state atomic.Pointer[siteState] }

// ServeHTTP implements http.Handler.
func (c *changingSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := siteState{}
	if s := c.state.Load(); s != nil {
		now = *s
	}
	if now.away {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch r.URL.Path {
	case "/":
		tracker := ""
		if now.tracker {
			tracker = `<script src="https://www.google-analytics.com/analytics.js"></script>`
		}
		fmt.Fprint(w, `<!doctype html><html lang=en><title>Shop</title><link rel=icon href=data:,><h1>Shop</h1><a href=/cookies>Cookie policy</a>`+tracker)
	case "/cookies":
		fmt.Fprint(w, `<!doctype html><html lang=en><title>Cookie policy</title><h1>Cookie policy</h1><p>This site sets no cookies.<p>`+now.policy)
	default:
		http.NotFound(w, r)
	}
}

// analytics sets the cookie that it is known for.
func analytics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript")
	fmt.Fprint(w, `document.cookie = "_ga=GA1.1.1234567890.1700000000; max-age=63072000; secure; path=/"`)
}

// A hook is the body of a webhook, as its receivers read it.
type hook struct {
	Events []struct{ Subject, State string }
}

// An inbox is a server that is told by webhook and Slack.
type inbox struct {
	*httptest.Server
	mu    sync.Mutex
	hooks []hook
	slack int
}

func receive(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{}
	in.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		in.mu.Lock()
		defer in.mu.Unlock()
		if r.URL.Path == "/slack" {
			var m struct{ Text string }
			if err := json.Unmarshal(body, &m); err != nil || !strings.Contains(m.Text, "shop.test") {
				t.Errorf("Slack was told %s: %v", body, err)
			}
			in.slack++
			return
		}
		mac := hmac.New(sha256.New, []byte(alertKey))
		fmt.Fprintf(mac, "%s.%s.%s", r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp"), body)
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("Webhook-Signature") != want {
			t.Errorf("the signature is %s, want %s", r.Header.Get("Webhook-Signature"), want)
		}
		var m hook
		if err := json.Unmarshal(body, &m); err != nil {
			t.Error(err)
		}
		in.hooks = append(in.hooks, m)
	}))
	t.Cleanup(in.Close)
	return in
}

func (in *inbox) counts() map[string]int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return map[string]int{"/hook": len(in.hooks), "/slack": in.slack}
}

// A mailServer takes mail over SMTP and counts it.
type mailServer struct {
	net.Listener
	mails atomic.Int32
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	s := &mailServer{Listener: must(net.Listen("tcp", "127.0.0.1:0"))(t)}
	t.Cleanup(func() { s.Close() })
	go func() {
		for {
			c, err := s.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s
}

func (s *mailServer) talk(c net.Conn) {
	defer c.Close()
	fmt.Fprint(c, "220 mail.weir.test\r\n")
	inside := false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		switch {
		case inside && lines.Text() == ".":
			inside = false
			s.mails.Add(1)
			fmt.Fprint(c, "250 kept\r\n")
		case inside:
		case verb == "DATA":
			inside = true
			fmt.Fprint(c, "354 go on\r\n")
		case verb == "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}
