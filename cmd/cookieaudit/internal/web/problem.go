package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

// A problem is an answer that something cannot be done, as RFC 9457 has it. It is
// an error of the request, not of the program; of the latter users are told no
// more than that the log has it.
type problem struct {
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Errors []fieldProblem `json:"errors,omitempty"`
	// after is when to try again; 0 where that is of no use.
	after time.Duration
}

// A fieldProblem is what is wrong with one field.
type fieldProblem struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// maxFieldProblems keeps the answer to a long wrong list short.
const maxFieldProblems = 50

func (p *problem) Error() string {
	text := p.Detail
	for _, e := range p.Errors {
		text += "; " + e.Field + " " + e.Detail
	}
	return strings.TrimPrefix(text, "; ")
}

func (p *problem) add(name, detail string) {
	if len(p.Errors) < maxFieldProblems {
		p.Errors = append(p.Errors, fieldProblem{name, detail})
	}
}

// orNil returns p where something was added to it.
func (p *problem) orNil() error {
	if len(p.Errors) == 0 {
		return nil
	}
	return p
}

func invalid(name, detail string) error {
	p := &problem{Status: http.StatusUnprocessableEntity}
	p.add(name, detail)
	return p
}

// problemOf turns the error of an operation into what the client is told.
func problemOf(err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
	case errors.Is(err, ErrNotFound), errors.Is(err, account.ErrNotFound):
		p = &problem{Status: http.StatusNotFound, Detail: "there is no such thing"}
	case errors.Is(err, account.ErrExists), errors.Is(err, account.ErrLastAdmin), errors.Is(err, ErrState):
		p = &problem{Status: http.StatusConflict, Detail: err.Error()}
	case errors.Is(err, ErrRefused):
		p = &problem{Status: http.StatusUnprocessableEntity, Detail: err.Error()}
	default:
		p = &problem{Status: http.StatusInternalServerError, Detail: "the program could not do this; its log says why"}
	}
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	return p
}

// fail answers with what went wrong: a page for a browser, problem+json for the
// API.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError && !errors.As(err, new(*problem)) {
		if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
			return // the client has gone away
		}
		s.Log.Error("a request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
	}
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(p.after.Round(time.Second).Seconds())+1))
	}
	if !strings.HasPrefix(r.URL.Path, apiRoot) {
		s.failPage(w, r, p)
		return
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="cookieaudit"`)
	}
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte(`{"title":"Internal Server Error","status":500}`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // a client that has gone away is not our error
}
