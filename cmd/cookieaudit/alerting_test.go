package main

import (
	"path/filepath"
	"strings"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/store"
)

func TestNewAlerter(t *testing.T) {
	t.Setenv("ALERT_HOOK", "https://hooks.weir.test/hush")
	t.Setenv("ALERT_KEY", "hush")
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if a, err := newAlerter(db, nil); a != nil || err != nil {
		t.Errorf("without alerts: %v, %v", a, err)
	}
	a, err := newAlerter(db, []config.Alert{
		{Kind: config.Webhook, URL: "https://weir.test/hook", SecretEnv: "ALERT_KEY", On: []string{config.OnFinding}, MinSeverity: audit.High},
		{Kind: config.Slack, URL: "${ENV:ALERT_HOOK}"},
		{Kind: config.SMTP, URL: "smtp://watch@mail.weir.test", SecretEnv: "ALERT_KEY", From: "watch@weir.test", To: []string{"team@weir.test"}},
	})
	if err != nil || len(a.Destinations) != 3 {
		t.Fatalf("%v, %v", a, err)
	}
	names := map[string]bool{}
	for _, d := range a.Destinations {
		names[d.Name] = true
	}
	if len(names) != 3 {
		t.Errorf("names: %v", names)
	}
	_, err = newAlerter(db, []config.Alert{{Kind: config.Slack, URL: "${ENV:ALERT_NOWHERE}"}, {Kind: config.SMTP, URL: "hush", From: "a@weir.test"}})
	if err == nil || !strings.Contains(err.Error(), "ALERT_NOWHERE") || strings.Contains(err.Error(), "hush") {
		t.Errorf("secrets that are missing: %v", err)
	}
}
