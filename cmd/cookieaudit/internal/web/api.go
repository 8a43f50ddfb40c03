package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/report"
)

// apiRoot is where the API lies.
const apiRoot = "/api/v1"

// routes is every address there is.
func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	ops := s.operations()
	for _, o := range ops {
		mux.Handle(o.Method+" "+apiRoot+o.Path, s.apiHandler(o))
	}
	mux.Handle("GET "+apiRoot+"/scans/{id}/{file}", s.authorized(account.Viewer, s.download))
	mux.HandleFunc("GET "+apiRoot+"/openapi.json", s.describe(ops))
	mux.HandleFunc(apiRoot+"/", s.noSuchOperation(mux))
	mux.Handle("GET /style.css", s.style)
	s.addPages(mux, ops)
	return mux
}

// authorized lets callers of a role through.
func (s *server) authorized(role account.Role, next func(http.ResponseWriter, *http.Request, *caller) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := s.caller(r)
		if err == nil && !c.Role.Allows(role) {
			err = &problem{Status: http.StatusForbidden, Detail: fmt.Sprintf("this needs the role %s, yours is %s", role, c.Role)}
		}
		if err == nil {
			err = next(w, r, c)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *server) apiHandler(o *operation) http.Handler {
	return s.authorized(o.Role, func(w http.ResponseWriter, r *http.Request, c *caller) error {
		in, err := o.read(r)
		if err != nil {
			return err
		}
		out, err := o.run(r.Context(), c, in)
		if err != nil {
			return err
		}
		if o.Status == http.StatusNoContent {
			w.WriteHeader(o.Status)
			return nil
		}
		var body bytes.Buffer
		if err := report.WriteValue(&body, out); err != nil {
			return fmt.Errorf("write the answer of %s: %w", o.ID, err)
		}
		w.Header().Set("Content-Type", "application/json")
		if o.safe() {
			w.Header().Set("Cache-Control", "private, no-cache")
			writeTagged(w, r, body.Bytes())
			return nil
		}
		w.WriteHeader(o.Status)
		_, _ = w.Write(body.Bytes()) // a client that has gone away is not our error
		return nil
	})
}

// noSuchOperation answers for what no pattern fits: with 405 where the method is
// the only thing that is wrong.
func (s *server) noSuchOperation(mux *http.ServeMux) http.HandlerFunc {
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete}
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, m := range methods {
			probe := &http.Request{Method: m, URL: r.URL, Host: r.Host}
			if _, pattern := mux.Handler(probe); pattern != apiRoot+"/" {
				allowed = append(allowed, m)
			}
		}
		if len(allowed) > 0 && !slices.Contains(allowed, r.Method) {
			for _, m := range allowed {
				w.Header().Add("Allow", m)
			}
			s.fail(w, r, &problem{Status: http.StatusMethodNotAllowed})
			return
		}
		s.fail(w, r, &problem{Status: http.StatusNotFound, Detail: "there is no such operation; " + apiRoot + "/openapi.json describes them"})
	}
}

// A file is one form in which the report of a scan can be had.
type file struct {
	Name, About string
	mediaType   string
	page        bool // to look at, not to keep
	write       func(*bytes.Buffer, *report.Report) error
}

// downloads lists the forms: every format of reports but PDF, which takes a
// browser, and every kind of CSV.
func downloads() []file {
	var out []file
	for _, f := range report.Formats() {
		if f.Name == "pdf" || f.Name == "csv" || f.Name == "jsonl" {
			continue
		}
		out = append(out, file{
			Name: "report" + f.Extension, About: f.About, mediaType: mediaTypeOf(f.Extension), page: f.Extension == ".html",
			write: func(b *bytes.Buffer, r *report.Report) error {
				return f.Write(b, r, report.Options{Width: 120, Details: true})
			},
		})
	}
	for _, k := range report.CSVKinds() {
		out = append(out, file{
			Name: string(k) + ".csv", About: "one row per item, for spreadsheets", mediaType: "text/csv; charset=utf-8",
			write: func(b *bytes.Buffer, r *report.Report) error {
				return report.WriteCSV(b, k, report.Options{BOM: true}, r)
			},
		})
	}
	return out
}

func mediaTypeOf(extension string) string {
	switch extension {
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json"
	case ".md":
		return "text/markdown; charset=utf-8"
	case ".sarif":
		return "application/sarif+json"
	case ".xml":
		return "application/xml"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/plain; charset=utf-8"
}

// download writes the report of a scan as a file.
func (s *server) download(w http.ResponseWriter, r *http.Request, _ *caller) error {
	all := downloads()
	i := slices.IndexFunc(all, func(f file) bool { return f.Name == r.PathValue("file") })
	if i < 0 {
		return ErrNotFound
	}
	in := scanInput{ID: r.PathValue("id")}
	if err := validateInput(&in); err != nil {
		return err
	}
	rep, err := s.report(r.Context(), in.ID)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := all[i].write(&body, rep); err != nil {
		return fmt.Errorf("write %s of scan %s: %w", all[i].Name, in.ID, err)
	}
	h := w.Header()
	h.Set("Content-Type", all[i].mediaType)
	h.Set("Cache-Control", "private, no-cache")
	if all[i].page {
		policy, err := report.PagePolicy()
		if err != nil {
			return err
		}
		h.Set("Content-Security-Policy", policy+"; frame-ancestors 'none'")
	} else {
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "cookieaudit-"+plainName(rep.Scan.ID)+"-"+all[i].Name))
	}
	writeTagged(w, r, body.Bytes())
	return nil
}

// plainName keeps of an ID what is harmless in the name of a file.
func plainName(id string) string {
	out := []rune{}
	for _, r := range id {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			out = append(out, r)
		}
	}
	return string(out)
}

// describe answers with the description of the API.
func (s *server) describe(ops []*operation) http.HandlerFunc {
	body, err := json.MarshalIndent(describe(ops, s.Version), "", "  ")
	return func(w http.ResponseWriter, r *http.Request) {
		if err != nil {
			s.fail(w, r, fmt.Errorf("describe the API: %w", err))
			return
		}
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		w.Header().Set("Cache-Control", "no-cache")
		writeTagged(w, r, body)
	}
}
