package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// New builds the report of a scan and its judgement. It changes neither. A nil
// judgement, or one that is shorter than the scan, leaves what it does not
// speak of unknown.
func New(scan *evidence.Scan, j *audit.Judgement) *Report {
	if j == nil {
		j = &audit.Judgement{}
	}
	r := &Report{
		Schema:         Schema,
		Scan:           newScan(scan),
		Judged:         Judged{Profile: j.Profile, Score: j.Score},
		Banner:         newBanner(scan.Banner),
		DNS:            newDNS(scan.DNS),
		Phases:         newPhases(scan.Visits),
		Policies:       []Policy{},
		PolicyCompared: PolicyComparison{Outcome: NotCompared}, PolicyChanges: []PolicyChange{},
		Claims:   list(scan.Claims),
		Findings: newFindings(j.Findings),
		Only:     []string{},
	}
	for _, d := range scan.Policies {
		r.Policies = append(r.Policies, newPolicy(d))
	}
	r.Declarations = newDeclarations(scan.Declarations, j.Observed)
	r.Cookies = make([]Cookie, len(scan.Cookies))
	for i := range scan.Cookies {
		r.Cookies[i] = newCookie(&scan.Cookies[i], assessment(j.Cookies, i), r.Declarations)
	}
	r.Storage = make([]StorageItem, len(scan.Storage))
	for i := range scan.Storage {
		r.Storage[i] = newStorageItem(&scan.Storage[i], assessment(j.Storage, i), r.Declarations)
	}
	r.Requests = make([]Request, len(scan.Requests))
	for i := range scan.Requests {
		r.Requests[i] = newRequest(&scan.Requests[i], assessment(j.Requests, i))
	}
	r.Coverage = newCoverage(scan)
	r.Summary = summarize(r)
	return r
}

// list returns xs, or an empty list for nil, which JSON would write as null.
func list[T any](xs []T) []T {
	if xs == nil {
		return []T{}
	}
	return xs
}

func assessment(as []audit.Assessment, i int) audit.Assessment {
	var a audit.Assessment
	if i < len(as) {
		a = as[i]
	}
	if a.Match.State == "" {
		a.Match.State = audit.NotKnown
	}
	a.Purpose.Category = category(a.Purpose.Category)
	return a
}

func category(c evidence.Category) evidence.Category {
	return cmp.Or(c, evidence.UnknownCategory)
}

func newScan(s *evidence.Scan) Scan {
	return Scan{
		ID: s.ID, Site: s.Site, Started: s.Started.UTC(), Finished: s.Finished.UTC(), Profile: s.Profile,
		Settle: s.Settle, Outcome: s.Outcome, Why: s.Why, Tool: s.Tool, Browser: s.Browser, Datasets: list(s.Datasets),
		Values: valuesOf(s), Start: s.Start,
	}
}

func newDNS(d *evidence.DNS) *evidence.DNS {
	if d == nil {
		return nil
	}
	c := *d
	c.Hosts = slices.Clone(list(d.Hosts))
	for i := range c.Hosts {
		c.Hosts[i].Names = list(c.Hosts[i].Names)
	}
	return &c
}

func newBanner(b *evidence.Banner) *evidence.Banner {
	if b == nil {
		return nil
	}
	c := *b
	c.PreTicked, c.Controls, c.Links = list(c.PreTicked), list(c.Controls), list(c.Links)
	return &c
}

// newPhases returns the visits in reporting order, whatever order they ended in.
func newPhases(visits []evidence.Visit) []Phase {
	ps := make([]Phase, 0, len(visits))
	for _, v := range visits {
		p := Phase{
			Phase: v.Phase, Outcome: v.Outcome, Why: v.Why, Pages: list(v.Pages), Screenshots: []Screenshot{},
			Attempts: v.Attempts, TookMS: v.TookMS, Notes: list(v.Notes), Consent: newConsent(&v.Consent),
			Reopening: v.Reopening, Returned: v.Returned, Chosen: list(v.Chosen), Signals: list(v.Signals),
		}
		if v.Earlier != nil {
			earlier := newConsent(v.Earlier)
			p.Earlier = &earlier
		}
		for _, s := range v.Screenshots {
			sum := sha256.Sum256(s.PNG)
			p.Screenshots = append(p.Screenshots, Screenshot{
				Stage: s.Stage, AtMS: s.AtMS, SHA256: hex.EncodeToString(sum[:]), Bytes: len(s.PNG), PNG: s.PNG,
			})
		}
		ps = append(ps, p)
	}
	slices.SortStableFunc(ps, func(a, b Phase) int { return cmp.Compare(phaseRank(a.Phase), phaseRank(b.Phase)) })
	return ps
}

func newConsent(c *evidence.Consent) Consent {
	out := Consent{
		Result: cmp.Or(c.Result, evidence.NotAsked), CMP: c.CMP, Clicks: c.Clicks,
		By: c.By, Proof: c.Proof, Why: c.Why,
	}
	if c.Clicks > 0 {
		at := c.AtMS
		out.AtMS = &at
	}
	return out
}

// phaseRank is the place of p in reporting order; a phase that is not known
// comes last.
func phaseRank(p evidence.Phase) int {
	all := evidence.Phases()
	if i := slices.Index(all, p); i >= 0 {
		return i
	}
	return len(all)
}

func newFindings(fs []audit.Finding) []audit.Finding {
	out := make([]audit.Finding, len(fs))
	for i, f := range fs {
		f.Evidence, f.Citations = list(f.Evidence), list(f.Citations)
		out[i] = f
	}
	return out
}

func newDeclarations(ds []evidence.Declaration, observed []bool) []Declaration {
	out := make([]Declaration, len(ds))
	for i, d := range ds {
		d.Category = category(d.Category)
		out[i] = Declaration{Declaration: d, Observed: i < len(observed) && observed[i]}
		if hosts := strings.Split(d.Host, " "); len(hosts) > 1 {
			out[i].Host, out[i].Hosts = hosts[0], hosts
		}
	}
	return out
}

func newCookie(c *evidence.Cookie, a audit.Assessment, ds []Declaration) Cookie {
	out := Cookie{
		Name: c.Name, Domain: c.Domain, Path: c.Path, HostOnly: c.HostOnly, PartitionKey: c.PartitionKey,
		Site: c.Site, Party: c.Party, Phases: list(c.Phases), AfterAnswer: list(c.AfterAnswer),
		SetBy: SetBy{Mechanism: evidence.Unknown, Initiators: []string{}}, Renewals: renewals(c), Stored: c.Stored, Blocked: []string{},
		Session: c.Session, RequestedSeconds: c.Requested, StoredSeconds: c.Kept,
		Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: c.SameSite, Value: c.Value,
		Category: a.Purpose.Category, Provider: a.Purpose.Provider, Confidence: a.Purpose.Confidence,
		Basis: list(a.Purpose.Basis), Exempt: a.Purpose.Exempt, ExemptConfidence: a.Purpose.Sure(), Also: list(a.Purpose.Also),
		NeedsReview: a.Purpose.NeedsReview,
		Declared:    a.Match.State, NearMisses: list(a.Match.NearMisses), Writes: list(c.Writes),
	}
	out.Declaration, out.DeclarationIndex = bestDeclaration(a.Match, ds)
	for _, w := range c.Writes {
		for _, b := range w.Blocked {
			if !slices.Contains(out.Blocked, b) {
				out.Blocked = append(out.Blocked, b)
			}
		}
	}
	if w := firstWrite(c); w != nil {
		out.FirstSeen = &FirstSeen{Phase: w.Phase, Page: w.Page}
		if w.Mechanism != evidence.Unknown {
			out.FirstSeen.AtMS = &w.AtMS
		}
		out.SetBy = SetBy{
			Mechanism: cmp.Or(w.Mechanism, evidence.Unknown), URL: w.URL, Host: w.Host, Script: w.Script, Line: line(w.Line),
			Party: w.Party, Initiators: list(w.Initiators), Bounce: w.Bounce,
		}
	} else if len(c.Phases) > 0 {
		out.FirstSeen = &FirstSeen{Phase: c.Phases[0]}
	}
	return out
}

// renewals counts the writes of a persistent cookie that follow one on an earlier
// page of the same phase.
func renewals(c *evidence.Cookie) int {
	n := 0
	for _, p := range evidence.Phases() {
		ws := c.WrittenIn(p)
		for i := 1; i < len(ws); i++ {
			if ws[i].Requested != nil && ws[i].Page != ws[i-1].Page {
				n++
			}
		}
	}
	return n
}

// firstWrite prefers writes that left a cookie behind: a page that expires a
// cookie before consent has not set it before consent.
func firstWrite(c *evidence.Cookie) *evidence.Write {
	for _, p := range evidence.Phases() {
		if ws := c.WrittenIn(p); len(ws) > 0 {
			return ws[0]
		}
	}
	return c.First()
}

func line(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func bestDeclaration(m audit.Match, ds []Declaration) (*string, *int) {
	if len(m.Declarations) == 0 || m.Declarations[0] < 0 || m.Declarations[0] >= len(ds) {
		return nil, nil
	}
	i := m.Declarations[0]
	name := ds[i].Name
	return &name, &i
}

func newStorageItem(s *evidence.StorageItem, a audit.Assessment, ds []Declaration) StorageItem {
	out := StorageItem{
		Kind: s.Kind, Origin: s.Origin, Key: s.Key, Site: s.Site, Party: s.Party, Phases: list(s.Phases),
		AfterAnswer: []evidence.Phase{}, Bytes: s.Bytes, Value: s.Value,
		Entries: s.Entries, Parts: list(s.Parts), Script: s.Script,
		Category: a.Purpose.Category, Provider: a.Purpose.Provider, Confidence: a.Purpose.Confidence,
		Exempt: a.Purpose.Exempt, ExemptConfidence: a.Purpose.Sure(), Also: list(a.Purpose.Also),
		Basis: list(a.Purpose.Basis), Declared: a.Match.State, Writes: list(s.Writes),
	}
	out.Declaration, out.DeclarationIndex = bestDeclaration(a.Match, ds)
	for _, p := range evidence.Phases() {
		if slices.ContainsFunc(s.Writes, func(w evidence.StorageWrite) bool { return w.Phase == p && w.AfterAnswer }) {
			out.AfterAnswer = append(out.AfterAnswer, p)
		}
	}
	if len(s.Writes) > 0 {
		w := s.Writes[0]
		out.SetBy = StorageSetter{Frame: w.Frame, Script: w.Script, Line: line(w.Line)}
	}
	return out
}

func newRequest(q *evidence.Request, a audit.Assessment) Request {
	return Request{
		URL: q.URL, Host: q.Host, Site: q.Site, Party: q.Party, Phase: q.Phase, Page: q.Page, AtMS: q.AtMS,
		AfterAnswer: q.AfterAnswer, Login: q.Login, Type: q.Type, Initiator: q.Initiator, SentCookie: q.SentCookie,
		Cookies: list(q.Cookies), Carries: list(q.Carries),
		Category: a.Purpose.Category, Provider: a.Purpose.Provider, Confidence: a.Purpose.Confidence, ExemptConfidence: a.Purpose.Sure(),
	}
}
