package web

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

// A caller is who asks.
type caller struct {
	account.Session
	// Token is the ID of the token, empty for a person in a browser.
	Token string
	// Address is where the request came from.
	Address string
}

// An operation is one thing that can be asked for. The API, its description and
// the pages are made from the list of them.
type operation struct {
	ID      string // of the description
	Method  string
	Path    string // below /api/v1, as net/http's patterns have it
	Role    account.Role
	Summary string
	// Input and Result are the types of what it takes and gives.
	Input  reflect.Type
	Result reflect.Type
	Status int
	run    func(ctx context.Context, c *caller, in any) (any, error)
}

// op makes an operation of a method that takes I and gives O.
func op[I, O any](id, pattern string, role account.Role, summary string, f func(context.Context, *caller, I) (O, error)) *operation {
	method, path, _ := strings.Cut(pattern, " ")
	o := &operation{
		ID: id, Method: method, Path: path, Role: role, Summary: summary,
		Input: reflect.TypeFor[I](), Result: reflect.TypeFor[O](), Status: http.StatusOK,
		run: func(ctx context.Context, c *caller, in any) (any, error) {
			given, ok := in.(*I)
			if !ok {
				given = new(I)
			}
			return f(ctx, c, *given)
		},
	}
	switch {
	case o.Result == reflect.TypeFor[nothing]():
		o.Status = http.StatusNoContent
	case method == http.MethodPost:
		o.Status = http.StatusCreated
	}
	return o
}

// nothing is what an operation takes that needs nothing, or gives that has
// nothing to say.
type nothing struct{}

// safe reports whether the operation only reads.
func (o *operation) safe() bool { return o.Method == http.MethodGet }

// pathNames are the names of the wildcards of the path.
func (o *operation) pathNames() []string {
	var names []string
	for part := range strings.SplitSeq(o.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// operations is the whole API, in the order of its description.
func (s *server) operations() []*operation {
	return []*operation{
		op("listSites", "GET /sites", account.Viewer, "Sites with their latest scan, score and open violations", s.listSites),
		op("getSite", "GET /site", account.Viewer, "A site and its scans, the latest first", s.getSite),
		op("getScan", "GET /scans/{id}", account.Viewer, "The report of a scan (schema cookieaudit/report/v1)", s.getScan),
		op("compareScans", "GET /diff", account.Viewer, "What changed between two scans (schema cookieaudit/diff/v1)", s.compareScans),
		op("listFindings", "GET /findings", account.Viewer, "Violations in the latest scan of every site", s.listFindings),
		op("countFindings", "GET /findings/summary", account.Viewer, "How many sites and violations there are by rule and by provider", s.countFindings),
		op("search", "GET /search", account.Viewer, "Hosts, cookies, providers and rules that hold a text", s.search),
		op("listAcceptances", "GET /acceptances", account.Viewer, "Findings that users have accepted, expired and withdrawn ones too", s.listAcceptances),
		op("acceptFinding", "POST /acceptances", account.Operator, "Accept a finding for a while, with reason and owner", s.acceptFinding),
		op("withdrawAcceptance", "DELETE /acceptances/{id}", account.Operator, "End an acceptance before its time", s.withdrawAcceptance),
		op("enqueueScans", "POST /scans", account.Operator, "Scan sites now", s.enqueueScans),
		op("listJobs", "GET /queue", account.Viewer, "Scans that wait, run, are tried again or were set aside", s.listJobs),
		op("cancelJob", "POST /queue/{id}/cancel", account.Operator, "Take a scan out of the queue, or stop it", s.cancelJob),
		op("retryJob", "POST /queue/{id}/retry", account.Operator, "Try a scan again now", s.retryJob),
		op("getMe", "GET /me", account.Viewer, "Who is signed in", s.getMe),
		op("changePassword", "POST /me/password", account.Viewer, "Set a new password of one's own; ends all other sessions", s.changePassword),
		op("listTokens", "GET /me/tokens", account.Viewer, "One's own tokens", s.listTokens),
		op("createToken", "POST /me/tokens", account.Viewer, "Make a token; its secret is in this answer and never again", s.createToken),
		op("removeToken", "DELETE /me/tokens/{id}", account.Viewer, "Revoke a token", s.removeToken),
		op("listUsers", "GET /users", account.Admin, "Users and their roles", s.listUsers),
		op("addUser", "POST /users", account.Admin, "Add a user", s.addUser),
		op("changeUser", "PATCH /users/{name}", account.Admin, "Set the role or the password of a user", s.changeUser),
		op("removeUser", "DELETE /users/{name}", account.Admin, "Remove a user, the sessions and the tokens", s.removeUser),
	}
}
