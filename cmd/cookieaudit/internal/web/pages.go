package web

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

//go:embed templates static
var files embed.FS

// pages are the parsed templates.
type pages struct{ all *template.Template }

func newPages() (*pages, error) {
	t, err := template.New("").Funcs(functions()).Option("missingkey=error").ParseFS(files, "templates/*.gohtml")
	if err != nil {
		return nil, fmt.Errorf("parse the templates: %w", err)
	}
	return &pages{all: t}, nil
}

// A view is what every template is given.
type view struct {
	Title   string
	Nav     string // of the page, as in its path
	Me      *caller
	Version string
	Done    string // what was just done; empty for nothing
	Back    string // this page, to come back to
	Now     time.Time
	Queued  bool // there is a queue
	Data    any
}

// Operator and Admin say what the user may do, for buttons.
func (v view) Operator() bool { return v.Me != nil && v.Me.Role.Allows(account.Operator) }

// CanScan is true where there is a queue and the user may use it.
func (v view) CanScan() bool { return v.Queued && v.Operator() }

// Admin is true for who manages users.
func (v view) Admin() bool { return v.Me != nil && v.Me.Role.Allows(account.Admin) }

func (s *server) render(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	v.Version, v.Now = s.Version, s.Now().UTC()
	v.Queued = s.Queue != nil
	back := *r.URL
	q := back.Query()
	q.Del(doneName)
	back.RawQuery = q.Encode()
	v.Back = back.RequestURI()
	var b bytes.Buffer
	if err := s.pages.all.ExecuteTemplate(&b, name, v); err != nil {
		s.Log.Error("a page could not be filled", "page", name, "error", err)
		http.Error(w, "this is a defect of the program; its log says more", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a client that has gone away is not our error
}

// A page shows the result of an operation.
type page struct {
	pattern  string // without the method
	op       string // ID of the operation
	template string
	nav      string
	// title and data make of the result what the template shows.
	title func(out any) string
	data  func(ctx context.Context, s *server, in, out any) (any, error)
}

// A form runs an operation and goes back to a page.
type form struct {
	pattern string
	op      string
	// back is where to go where the form does not say.
	back string
	// template shows the result; empty to go back at once.
	template string
}

func forms() []form {
	return []form{
		{pattern: "/acceptances", op: "acceptFinding", back: "/acceptances"},
		{pattern: "/acceptances/{id}/withdraw", op: "withdrawAcceptance", back: "/acceptances"},
		{pattern: "/scans", op: "enqueueScans", back: "/queue"},
		{pattern: "/queue/{id}/cancel", op: "cancelJob", back: "/queue"},
		{pattern: "/queue/{id}/retry", op: "retryJob", back: "/queue"},
		{pattern: "/account/password", op: "changePassword", back: "/login"},
		{pattern: "/account/tokens", op: "createToken", template: "token"},
		{pattern: "/account/tokens/{id}/remove", op: "removeToken", back: "/account"},
		{pattern: "/users", op: "addUser", back: "/users"},
		{pattern: "/users/{name}/change", op: "changeUser", back: "/users"},
		{pattern: "/users/{name}/remove", op: "removeUser", back: "/users"},
	}
}

// doneName is the part of the query that says what was just done.
const doneName = "done"

func doneText(op string) string {
	return map[string]string{ //nolint:gosec // sentences about passwords, none of them one
		"acceptFinding":      "The finding is accepted.",
		"withdrawAcceptance": "The acceptance is withdrawn: the finding is open again.",
		"enqueueScans":       "The scans are in the queue.",
		"cancelJob":          "The scan is cancelled.",
		"retryJob":           "The scan is tried again.",
		"changePassword":     "The password is changed: sign in with it.",
		"removeToken":        "The token is revoked.",
		"addUser":            "The user is added.",
		"changeUser":         "The user is changed.",
		"removeUser":         "The user is removed.",
		"signOut":            "You are signed out.",
	}[op]
}

func (s *server) addPages(mux *http.ServeMux, ops []*operation) {
	find := func(id string) *operation {
		return ops[slices.IndexFunc(ops, func(o *operation) bool { return o.ID == id })]
	}
	for _, p := range pageList() {
		mux.Handle("GET "+p.pattern, s.pageHandler(p, find(p.op)))
	}
	for _, f := range forms() {
		mux.Handle("POST "+f.pattern, s.formHandler(f, find(f.op)))
	}
	mux.Handle("GET /scans/{id}/{file}", s.authorized(account.Viewer, s.download))
	mux.HandleFunc("GET /login", s.loginPage)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("GET /cookies", s.cookiesPage)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, ErrNotFound) })
}

func (s *server) pageHandler(p page, o *operation) http.Handler {
	return s.authorized(o.Role, func(w http.ResponseWriter, r *http.Request, c *caller) error {
		q := r.URL.Query()
		done := doneText(q.Get(doneName))
		q.Del(doneName)
		asked := r.Clone(r.Context())
		asked.URL.RawQuery = q.Encode()
		in, err := o.read(asked)
		if err != nil {
			return err
		}
		out, err := o.run(r.Context(), c, in)
		if err != nil {
			return err
		}
		v := view{Title: p.title(out), Nav: p.nav, Me: c, Done: done, Data: out}
		if p.data != nil {
			if v.Data, err = p.data(r.Context(), s, in, out); err != nil {
				return err
			}
		}
		s.render(w, r, http.StatusOK, p.template, v)
		return nil
	})
}

func (s *server) formHandler(f form, o *operation) http.Handler {
	return s.authorized(o.Role, func(w http.ResponseWriter, r *http.Request, c *caller) error {
		asked := *o
		if asked.Method == http.MethodDelete { // a form knows GET and POST only
			asked.Method = http.MethodPost
		}
		in, err := asked.read(r)
		if err != nil {
			return err
		}
		out, err := o.run(r.Context(), c, in)
		if err != nil {
			return err
		}
		if f.template != "" {
			s.render(w, r, http.StatusOK, f.template, view{Title: "New token", Nav: "account", Me: c, Data: out})
			return nil
		}
		back := f.back
		if given := r.URL.Query().Get("back"); given != "" {
			back = localPath(given)
		}
		http.Redirect(w, r, withQuery(back, doneName, o.ID), http.StatusSeeOther)
		return nil
	})
}

// withQuery sets one part of the query of a path.
func withQuery(path, name, value string) string {
	u, err := url.Parse(path)
	if err != nil {
		return "/"
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// failPage shows a browser what went wrong. Who is not signed in is asked to.
func (s *server) failPage(w http.ResponseWriter, r *http.Request, p *problem) {
	if p.Status == http.StatusUnauthorized && r.URL.Path != "/login" {
		next := "/"
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			next = r.URL.RequestURI()
		}
		target := "/login"
		if next != "/" {
			target = withQuery("/login", "next", next)
		}
		http.Redirect(w, r, target, http.StatusSeeOther)
		return
	}
	v := view{Title: p.Title, Data: p}
	if s.knows(r.Host) {
		if c, err := s.caller(r); err == nil {
			v.Me = c
		}
	}
	s.render(w, r, p.Status, "problem", v)
}

// loginData is what the page to sign in shows.
type loginData struct {
	Next    string
	Problem string
	NoUsers bool
}

func (s *server) loginPage(w http.ResponseWriter, r *http.Request) {
	d := loginData{Next: localPath(r.URL.Query().Get("next"))}
	users, err := s.Accounts.Users(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d.NoUsers = len(users) == 0
	s.render(w, r, http.StatusOK, "login", view{Title: "Sign in", Done: doneText(r.URL.Query().Get(doneName)), Data: d})
}

func (s *server) login(w http.ResponseWriter, r *http.Request) {
	o := op("signIn", "POST /login", "", "", func(context.Context, *caller, loginInput) (nothing, error) { return nothing{}, nil })
	given, err := o.read(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	in, _ := given.(*loginInput)
	if err := s.signIn(w, r, in); err != nil {
		p := problemOf(err)
		if p.Status != http.StatusUnauthorized {
			s.fail(w, r, err)
			return
		}
		s.render(w, r, http.StatusUnauthorized, "login", view{Title: "Sign in", Data: loginData{Next: localPath(in.Next), Problem: p.Detail}})
		return
	}
	http.Redirect(w, r, localPath(in.Next), http.StatusSeeOther)
}

func (s *server) logout(w http.ResponseWriter, r *http.Request) {
	if err := s.signOut(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/login?done=signOut", http.StatusSeeOther)
}

// cookiesPage is our own policy: it declares every cookie that we set, whoever
// asks.
func (s *server) cookiesPage(w http.ResponseWriter, r *http.Request) {
	v := view{Title: "Cookies of this dashboard", Nav: "cookies", Data: struct {
		Name   string
		Hours  int
		Idle   int
		Host   string
		Secure bool
	}{s.cookieName(), int(account.SessionLife.Hours()), int(account.SessionIdle.Hours()), hostname(r.Host), s.secure}}
	if c, err := s.caller(r); err == nil {
		v.Me = c
	}
	s.render(w, r, http.StatusOK, "cookies", v)
}

// pathOf joins a path of ours and values of its query.
func pathOf(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return strings.TrimSuffix(path, "?") + "?" + q.Encode()
}
