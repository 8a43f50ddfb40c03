package account

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func noon() time.Time { return time.Date(2026, time.May, 20, 12, 0, 0, 0, time.UTC) }

func TestRoles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b   Role
		allows bool
		least  Role
	}{
		{Admin, Viewer, true, Viewer},
		{Operator, Operator, true, Operator},
		{Viewer, Operator, false, Viewer},
		{Operator, Admin, false, Operator},
		{"", Viewer, false, ""},
		{"root", Viewer, false, "root"},
		{Admin, "", false, Admin},
	}
	for _, test := range tests {
		if got := test.a.Allows(test.b); got != test.allows {
			t.Errorf("%q allows %q: %t", test.a, test.b, got)
		}
		if got := test.a.AtMost(test.b); got != test.least {
			t.Errorf("%q, at most %q: %q", test.a, test.b, got)
		}
	}
	if _, err := ParseRole("root"); err == nil {
		t.Error("root is a role")
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := NewHasher(Cost{Time: 1, Memory: 64, Threads: 1})
	hash, err := h.Hash(ctx, "correct horse battery")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") || strings.Contains(hash, "horse") {
		t.Fatalf("hash %q, error %v", hash, err)
	}
	again, err := h.Hash(ctx, "correct horse battery")
	if err != nil || again == hash {
		t.Errorf("the same password has the same hash (error %v)", err)
	}
	for password, want := range map[string]bool{"correct horse battery": true, "correct horse battery ": false, "Correct horse battery": false, "": false} {
		if got, err := h.Check(ctx, hash, password); err != nil || got != want {
			t.Errorf("%q: %t, error %v", password, got, err)
		}
	}
	// A dearer hash of today checks a cheaper one of yesterday.
	if ok, err := NewHasher(Cost{Time: 2, Memory: 128, Threads: 2}).Check(ctx, hash, "correct horse battery"); err != nil || !ok {
		t.Errorf("another cost: %t, error %v", ok, err)
	}
	if ok, err := h.Check(ctx, "", ""); err != nil || ok {
		t.Errorf("nobody's password is right: %t, error %v", ok, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for range cap(h.busy) {
		h.busy <- struct{}{}
	}
	if _, err := h.Check(ended, hash, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("no turn comes: error %v", err)
	}
}

// TestStoredHashes wants hashes that are not ours, or ask for more than a machine
// has, to be an error and never a password that is right.
func TestStoredHashes(t *testing.T) {
	t.Parallel()
	h := NewHasher(Cost{Time: 1, Memory: 64, Threads: 1})
	const salt, key = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, hash := range []string{
		"plain text", "$2b$10$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=64,t=1,p=1$" + salt + "$" + key, "$argon2id$v=16$m=64,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=64,t=0,p=1$" + salt + "$" + key, "$argon2id$v=19$m=64,t=1,p=0$" + salt + "$" + key, "$argon2id$v=19$m=4294967295,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=64,t=4294967295,p=1$" + salt + "$" + key, "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$AAAA", "$argon2id$v=19$m=64,t=1,p=1$?$?",
	} {
		if ok, err := h.Check(t.Context(), hash, "x"); ok || err == nil {
			t.Errorf("%s: %t, error %v", hash, ok, err)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"correct horse battery": "", "ünïcödé is fine too": "", strings.Repeat("abcde", 51): "",
		"too short": "at least 15", strings.Repeat("abcde", 52): "at most 256", "aaaaaaaaaaaaaaaaaaaa": "different characters",
		"anneliese is her name": "user's name", "with a\nline break in it": "control", "not UTF-8 \xff at all here": "control",
	} {
		err := CheckPassword("anneliese", password)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", password, err, want)
		}
	}
	for name, ok := range map[string]bool{"ann": true, "ann.b-c_d@example.org": true, "": false, "Ann": false, "ann b": false, "аnn": false, "a/b": false, strings.Repeat("a", 65): false, "a\x00": false} {
		if err := CheckName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	tok, secret, err := MakeToken("ann", "ci", Viewer, noon(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if d, err := DigestOf(secret); err != nil || d != tok.Digest || strings.Contains(secret, tok.ID) {
		t.Errorf("token %+v of %s: error %v", tok, secret, err)
	}
	if !tok.Valid(noon()) || tok.Valid(noon().Add(time.Hour)) {
		t.Error("the token holds at another time than it says")
	}
	seen := map[string]bool{}
	for range 100 {
		for _, random := range []string{NewSecret(), NewID()} {
			if seen[random] {
				t.Errorf("%s comes twice", random)
			}
			seen[random] = true
		}
	}
	for _, wrong := range []string{"", TokenPrefix, "x", secret[:len(secret)-1], secret + "A", secret[:len(secret)-1] + "=", strings.Repeat("A", 1<<20)} {
		if _, err := DigestOf(wrong); err == nil {
			t.Errorf("%.60q is a secret", wrong)
		}
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := NewLimiter(3, time.Minute)
	now := noon()
	for i := range 3 {
		if _, ok := l.Take("a", now.Add(time.Duration(i)*time.Second)); !ok {
			t.Fatalf("attempt %d is refused", i+1)
		}
	}
	if wait, ok := l.Take("a", now.Add(10*time.Second)); ok || wait != 50*time.Second {
		t.Errorf("the fourth attempt: %t, wait %s", ok, wait)
	}
	if _, ok := l.Take("b", now); !ok {
		t.Error("another key is refused")
	}
	l.Undo("a")
	if _, ok := l.Take("a", now.Add(11*time.Second)); !ok {
		t.Error("an attempt that was taken back still counts")
	}
	if _, ok := l.Take("a", now.Add(time.Minute)); !ok {
		t.Error("the window does not end")
	}
	if len(l.keys) != 1 {
		t.Errorf("%d keys are kept that are over", len(l.keys)-1)
	}
	l.Undo("never seen")
}
