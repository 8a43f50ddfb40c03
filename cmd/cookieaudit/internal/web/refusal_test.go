package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

// badTexts are texts that no field takes, or that it must survive.
func badTexts() []string {
	return []string{
		"", " ", "\x00", "a\x00b", "\n", "\u202e", "\xff\xfe", strings.Repeat("x", 5000), hostileText, "' OR 1=1 --", "%", "_", "*", "../../etc/passwd", "{{.}}", "${ENV:HOME}",
		"-1", "0", "99999999999999999999", "1e9", "NaN", "null", "true", "2026-02-30", "9999-12-31", "0000-00-00", "http://[::1", "javascript:alert(1)", "//evil.test", "admin",
	}
}

// TestBadInput tries every field of every operation with what it is not meant to
// hold, as a query, a form and JSON. The answer is one of ours, never a failure.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.program(t, account.Admin)
	good := map[string]string{
		"id": "1", "site": "shop.example", "old": "shop-1", "new": "shop-2", "q": "shop", "rule": "UNDECLARED_COOKIE", "reason": "r", "owner": "o",
		"expires": "2026-08-01", "sites": "a.test", "name": "eve", "role": "viewer", "password": "a long pass phrase of hers", "page": "1", "days": "3",
	}
	for _, o := range (&server{}).operations() {
		for _, f := range fieldsOf(o.Input) {
			for _, bad := range badTexts() {
				values, body := url.Values{}, map[string]any{}
				path := o.Path
				for _, other := range fieldsOf(o.Input) {
					text := good[other.Name]
					if other.Name == f.Name {
						text = bad
					}
					if slices.Contains(o.pathNames(), other.Name) {
						path = strings.Replace(path, "{"+other.Name+"}", url.PathEscape(text), 1)
						continue
					}
					values.Set(other.Name, text)
					body[other.Name] = text
					if other.Kind == reflect.Slice {
						body[other.Name] = []string{text}
					}
				}
				answers := []answer{v.do(o.Method, apiRoot+path+"?"+values.Encode(), "", "")}
				if !o.safe() {
					answers = append(answers, v.json(o.Method, apiRoot+path, body), v.do(o.Method, apiRoot+path, "application/x-www-form-urlencoded", values.Encode()))
				}
				for _, a := range answers {
					checkProblem(t, fmt.Sprintf("%s with %s=%q", o.ID, f.Name, bad), a)
				}
			}
		}
	}
	if !strings.Contains(fmt.Sprint(v.get("/api/v1/me").status), "200") {
		t.Error("the user or the token is gone")
	}
}

// checkProblem wants a success, or a problem that is not our failure.
func checkProblem(t *testing.T, doing string, a answer) {
	t.Helper()
	switch {
	case a.status >= 500:
		t.Errorf("%s: %d %s", doing, a.status, a.body)
	case a.status >= 400:
		var p problem
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Status != a.status || p.Title == "" || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d is no problem: %v %s", doing, a.status, err, a.body)
		}
	}
}

// TestEveryOperationRefuses tries what no operation takes on each of them: the
// answer names what is wrong, and nothing is done.
func TestEveryOperationRefuses(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v, nobody, browser := s.program(t, account.Admin), s.visitor(t), s.as(t, account.Admin)
	users, tokens := len(s.memory.users), len(s.memory.tokens)
	for _, o := range (&server{}).operations() {
		path := apiRoot + strings.NewReplacer("{id}", "1", "{name}", "viewer").Replace(o.Path)
		want := func(doing string, status int, a answer) {
			t.Helper()
			if a.status != status {
				t.Errorf("%s, %s: %d, want %d: %s", o.ID, doing, a.status, status, a.body)
			}
			checkProblem(t, o.ID+", "+doing, a)
		}
		want("without a token", http.StatusUnauthorized, nobody.do(o.Method, path, "application/json", "{}"))
		if o.safe() || o.Method == http.MethodDelete {
			want("an unknown part of the query", http.StatusBadRequest, v.do(o.Method, path+"?no_such=1", "", ""))
			want("a query that is broken", http.StatusBadRequest, v.do(o.Method, path+"?q=%zz", "", ""))
			want("a name that is no UTF-8", http.StatusBadRequest, v.do(o.Method, path+"?%ff=1", "", ""))
		} else {
			for doing, body := range map[string]string{
				"malformed JSON": `{"a":`, "another type": `[1]`, "an unknown field": `{"no_such":1}`, "no UTF-8": "{\"no_such\":\"\xff\"}", "two": "{}{}", "absurd": `{"page":1e999,"days":99999999999999999999}`,
			} {
				want(doing, http.StatusBadRequest, v.do(o.Method, path, "application/json", body))
			}
			want("another media type", http.StatusUnsupportedMediaType, v.do(o.Method, path, "application/xml", "<a/>"))
			want("too much", http.StatusRequestEntityTooLarge, v.do(o.Method, path, "application/json", `{"a":"`+strings.Repeat("a", maxBody)+`"}`))
		}
		if !o.safe() {
			want("from a page of another site", http.StatusForbidden, browser.do(o.Method, path, "application/json", "{}", "Sec-Fetch-Site", "cross-site"))
		}
		for _, name := range o.pathNames() {
			up := apiRoot + strings.Replace(o.Path, "{"+name+"}", "..%2f..%2fetc%2fpasswd", 1)
			if a := v.do(o.Method, up, "application/json", "{}"); a.status < 400 || a.status >= 500 {
				t.Errorf("%s, a way out of its folder: %d", o.ID, a.status)
			}
		}
	}
	if len(s.memory.users) != users || len(s.memory.tokens) != tokens || len(s.memory.decisions)+len(s.memory.jobs) > 0 {
		t.Error("something that was refused was done")
	}
}

func TestBadBodies(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.program(t, account.Admin)
	tests := []struct {
		name, method, path, mediaType, body string
		want                                int
	}{
		{"no JSON", "POST", "/acceptances", "application/json", "{", 400},
		{"two objects", "POST", "/acceptances", "application/json", "{} {}", 400},
		{"a list", "POST", "/acceptances", "application/json", "[]", 400},
		{"an unknown field", "POST", "/acceptances", "application/json", `{"rule":"UNDECLARED_COOKIE","hide":true}`, 400},
		{"another type", "POST", "/acceptances", "application/json", `{"rule":7}`, 400},
		{"deep", "POST", "/acceptances", "application/json", strings.Repeat("[", 100_000), 400},
		{"not UTF-8", "POST", "/acceptances", "application/json", "{\"rule\":\"\xff\"}", 400},
		{"nothing", "POST", "/acceptances", "application/json", "", 422},
		{"another rule", "POST", "/acceptances", "application/json", `{"rule":"NOTHING","reason":"r","owner":"o","expires":"2026-08-01"}`, 422},
		{"the past", "POST", "/acceptances", "application/json", `{"rule":"UNDECLARED_COOKIE","reason":"r","owner":"o","expires":"2026-05-19"}`, 422},
		{"for ever", "POST", "/acceptances", "application/json", `{"rule":"UNDECLARED_COOKIE","reason":"r","owner":"o","expires":"2036-05-19"}`, 422},
		{"no reason", "POST", "/acceptances", "application/json", `{"rule":"UNDECLARED_COOKIE","reason":"  ","owner":"o","expires":"2026-08-01"}`, 422},
		{"XML", "POST", "/acceptances", "application/xml", "<a/>", 415},
		{"a content type of nothing", "POST", "/acceptances", ";", "", 415},
		{"a file where none belongs", "POST", "/acceptances", "text/csv", "a", 415},
		{"too long", "POST", "/scans", "text/csv", strings.Repeat("a.test\n", 3<<20), 413},
		{"too many", "POST", "/scans", "text/csv", strings.Repeat("a.test\n", 100_001), 422},
		{"a broken CSV file", "POST", "/scans", "text/csv", "url\n\"a.test\n", 400},
		{"an empty CSV file", "POST", "/scans", "text/csv", "", 422},
		{"a binary file", "POST", "/scans", "text/csv", "PK\x03\x04\x00\x00", 422},
		{"no boundary", "POST", "/scans", "multipart/form-data", "x", 400},
		{"a form that was cut off", "POST", "/scans", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\na.test\nb.te", 400},
		{"a broken query", "GET", "/sites?a=%zz", "", "", 400},
		{"an unknown part of the query", "GET", "/sites?limit=3", "", "", 400},
		{"a part twice", "GET", "/sites?q=a&q=b", "", "", 400},
		{"another order", "GET", "/sites?sort=random", "", "", 422},
		{"a page below the first", "GET", "/sites?page=-1", "", "", 422},
		{"a page of words", "GET", "/sites?page=one", "", "", 400},
		{"a scan that is not there", "GET", "/scans/none", "", "", 404},
		{"a site that is not there", "GET", "/site?site=none.test", "", "", 404},
		{"a path that is not there", "GET", "/none", "", "", 404},
		{"another method", "PUT", "/sites", "", "", 405},
		{"a user who is there", "POST", "/users", "application/json", `{"name":"viewer","role":"viewer","password":"a long pass phrase"}`, 409},
		{"the last admin", "DELETE", "/users/admin", "", "", 409},
		{"the last admin's role", "PATCH", "/users/admin", "application/json", `{"role":"viewer"}`, 409},
		{"a short password", "POST", "/users", "application/json", `{"name":"eve","role":"viewer","password":"short"}`, 422},
		{"a name of capitals", "POST", "/users", "application/json", `{"name":"Eve","role":"viewer","password":"a long pass phrase"}`, 422},
		{"nothing to change", "PATCH", "/users/viewer", "application/json", `{}`, 422},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := v.do(test.method, apiRoot+test.path, test.mediaType, test.body)
			if a.status != test.want {
				t.Errorf("%d, want %d: %s", a.status, test.want, a.body)
			}
			checkProblem(t, test.name, a)
		})
	}
	t.Cleanup(func() {
		if len(s.memory.decisions)+len(s.memory.jobs) > 0 || len(s.memory.users) != len(account.Roles()) {
			t.Error("something that was refused was done")
		}
	})
}

func FuzzRequest(f *testing.F) {
	for _, o := range (&server{}).operations() {
		f.Add(o.Method, o.Path, "application/json", `{"sites":["a.test"]}`)
	}
	f.Add("POST", "/scans", "text/csv", "url;a\n\"b\n")
	f.Add("POST", "/scans", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\na\r\n--x--")
	f.Fuzz(func(t *testing.T, method, path, mediaType, body string) {
		u, err := url.Parse("http://localhost" + apiRoot + path)
		if err != nil || !strings.HasPrefix(u.Path, apiRoot) {
			t.Skip()
		}
		s := newTestSite(t)
		v := s.program(t, account.Admin)
		req, err := http.NewRequestWithContext(t.Context(), method, s.URL+u.RequestURI(), strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		req.Header["Content-Type"] = []string{mediaType}
		req.Header.Set("Authorization", "Bearer "+v.token)
		res, err := v.client.Do(req)
		if err != nil {
			t.Skip() // a header that cannot be sent
		}
		res.Body.Close()
		if res.StatusCode >= 500 {
			t.Errorf("%s %s: %d", method, path, res.StatusCode)
		}
	})
}
