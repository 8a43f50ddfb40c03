package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/discover"
)

// servedProcess is a process with a queue in which sites wait, and what it logs.
func servedProcess(t *testing.T, dsn string, sites ...string) (*process, *strings.Builder) {
	t.Helper()
	var log strings.Builder
	p := &process{
		db: must(store.Open(t.Context(), dsn))(t), metrics: prometheus.NewRegistry(),
		log: slog.New(slog.NewJSONHandler(&log, nil)), config: &config.Config{},
	}
	t.Cleanup(func() { _ = p.db.Close() }) // a test may have closed it
	p.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	p.queue = must(jobs.Open(t.Context(), p.db, jobs.Options{Plan: &jobs.Plan{}, Log: p.log, Metrics: p.metrics}))(t)
	var list []config.Site
	for _, s := range sites {
		list = append(list, config.Site{Site: must(discover.ParseSite(s))(t)})
	}
	if len(list) > 0 {
		must(p.queue.EnqueueNow(t.Context(), list, "annabel", 1))(t)
	}
	return p, &log
}

func askMachine(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

// TestHealthAndReadiness wants a process to be ready while it takes work: not
// while its database is away, and not while it ends. It lives all the while.
func TestHealthAndReadiness(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { t.Helper(); return filepath.Join(t.TempDir(), "scans.db") },
		"postgres": postgrestest.URL,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, log := servedProcess(t, dsn(t))
			running, end := context.WithCancel(t.Context())
			defer end()
			h := p.routes(running, nil)
			want := func(doing string, ready int) {
				t.Helper()
				if w := askMachine(t, h, "/healthz"); w.Code != http.StatusOK {
					t.Errorf("%s: healthz %d", doing, w.Code)
				}
				if w := askMachine(t, h, "/readyz"); w.Code != ready || ready != http.StatusOK && !strings.HasPrefix(w.Body.String(), "not ready") || strings.Contains(w.Body.String(), "127.0.0.1") {
					t.Errorf("%s: readyz %d %s, want %d", doing, w.Code, w.Body, ready)
				}
			}
			want("at work", http.StatusOK)
			if err := p.db.Close(); err != nil {
				t.Fatal(err)
			}
			want("without its database", http.StatusServiceUnavailable)
			if !strings.Contains(log.String(), `"not ready"`) {
				t.Errorf("the log does not say why: %s", log)
			}
			other, _ := servedProcess(t, filepath.Join(t.TempDir(), "other.db"))
			h = other.routes(running, nil)
			end()
			want("while it ends", http.StatusServiceUnavailable)
			for path, status := range map[string]int{"/": http.StatusNotFound, "/api/v1/sites": http.StatusNotFound} {
				if w := askMachine(t, h, path); w.Code != status {
					t.Errorf("a worker answers %d for %s", w.Code, path)
				}
			}
		})
	}
}

// TestMetrics reads the metrics as Prometheus does, and wants nothing in them that
// grows with what is scanned or that nobody is to know: names of labels and their
// values are from short lists.
func TestMetrics(t *testing.T) {
	t.Parallel()
	sites := []string{"https://shop.test/?token=s3cret", "https://intranet.test/"}
	p, _ := servedProcess(t, postgrestest.URL(t), sites...)
	h := p.routes(t.Context(), nil)
	w := askMachine(t, h, "/metrics")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
	text := w.Body.String()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	ours := 0
	for name, f := range families {
		if strings.HasPrefix(name, "cookieaudit_") {
			ours++
		}
		if f.GetHelp() == "" || f.Type == nil {
			t.Errorf("%s has no help or no type", name)
		}
		if len(f.GetMetric()) > 20 {
			t.Errorf("%s has %d series", name, len(f.GetMetric()))
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if !slices.Contains([]string{"state", "outcome", "quantile", "le", "version"}, l.GetName()) {
					t.Errorf("%s has the label %s", name, l.GetName())
				}
			}
		}
	}
	if ours < 4 || families["go_goroutines"] == nil {
		t.Errorf("%d families of ours in\n%s", ours, text)
	}
	if got := fmt.Sprint(families["cookieaudit_jobs"]); !strings.Contains(got, `value:"available"`) || !strings.Contains(got, "value:2") {
		t.Errorf("two jobs wait: %s", got)
	}
	for _, secret := range []string{"s3cret", "shop.test", "intranet", "annabel", "127.0.0.1"} {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics tell %s", secret)
		}
	}
	if err := p.db.Close(); err != nil {
		t.Fatal(err)
	}
	if w := askMachine(t, h, "/metrics"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "go_goroutines") || strings.Contains(w.Body.String(), "postgres") {
		t.Errorf("without the database: %d %s", w.Code, w.Body)
	}
}
