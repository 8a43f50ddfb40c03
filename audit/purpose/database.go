package purpose

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// A fact is one row of the cookie database.
type fact struct {
	name       string
	prefix     bool
	category   evidence.Category
	domains    []string
	platform   string
	controller string
	retention  string // as published; grounds no finding
}

// A database finds facts by name.
type database struct {
	exact    map[string][]*fact
	prefixes map[string][]*fact
	longest  int // length of the longest prefix
}

func newDatabase(rows [][]string) *database {
	db := &database{exact: map[string][]*fact{}, prefixes: map[string][]*fact{}}
	for _, r := range rows {
		f := &fact{
			name: r[0], prefix: r[1] == "prefix", category: databaseCategory(r[2]), domains: strings.Fields(r[3]),
			platform: r[4], controller: r[5], retention: r[6],
		}
		if f.prefix {
			db.prefixes[f.name] = append(db.prefixes[f.name], f)
			db.longest = max(db.longest, len(f.name))
			continue
		}
		db.exact[f.name] = append(db.exact[f.name], f)
	}
	return db
}

func databaseCategory(s string) evidence.Category {
	switch s {
	case "marketing":
		return evidence.Marketing
	case "analytics":
		return evidence.Analytics
	case "functional", "personalization":
		return evidence.Functional
	case "necessary", "security":
		return evidence.Necessary
	}
	return evidence.UnknownCategory
}

// minPrefix is the shortest prefix that counts without its domain: shorter ones
// ("_s", "tp") are shared by dozens of platforms.
const minPrefix = 4

// named returns the facts of a name: those of the name itself or else of its
// longest known prefix.
func (db *database) named(name string) []*fact {
	if fs := db.exact[name]; len(fs) > 0 {
		return fs
	}
	for n := min(len(name), db.longest); n > 0; n-- {
		if fs := db.prefixes[name[:n]]; len(fs) > 0 {
			return fs
		}
	}
	return nil
}

// vote is what the database says of a subject; empty where it says nothing or
// knows the name on other domains only. The fact is the one that decided.
func (db *database) vote(s *subject, org *organisation, d evidence.Dataset) (source, *fact) {
	var best source
	var decided *fact
	disputed := false
	for _, f := range db.named(s.name) {
		v := f.vote(s, org)
		switch {
		case v.confidence == 0:
		case v.confidence > best.confidence:
			best, decided, disputed = v, f, false
		case v.confidence == best.confidence && v.category != best.category:
			disputed = true
		}
	}
	if decided == nil {
		return source{}, nil
	}
	best.note = fmt.Sprintf("%q is %s of %s", s.name, decided.category, decided.platform)
	if decided.prefix {
		best.note = fmt.Sprintf("%q begins with %q, %s of %s", s.name, decided.name, decided.category, decided.platform)
	}
	best.note += fmt.Sprintf(" (%s %s)", d.Name, d.Version)
	if disputed {
		best.confidence -= disagree
		best.note += "; other platforms use the name for other purposes"
	}
	return best, decided
}

// vote weighs one fact: the domain or the writer must agree, or be unknown.
func (f *fact) vote(s *subject, org *organisation) source {
	v := source{vote: vote{category: f.category}, kind: fromDatabase}
	at := slices.ContainsFunc(f.domains, func(d string) bool { return under(s.host, d) || s.first && under(s.setter.host, d) })
	byOrg := org != nil && (org.is(f.platform) || org.is(f.controller))
	short := len(f.name) < minPrefix || generic(f.name)
	switch {
	case !at && !byOrg && len(f.domains) > 0 && s.host != "":
		return source{} // known elsewhere only
	case f.prefix && short && !at:
		return source{}
	case f.prefix:
		v.confidence = databasePrefix
	case at || byOrg:
		v.confidence = databaseAt
	case short || len(f.name) == minPrefix:
		v.confidence = weakName
	default:
		v.confidence = databaseName
	}
	v.nameOnly = !at && !byOrg
	// The database's "functional" holds sessions and user identifiers alike.
	if f.category == evidence.Functional {
		v.confidence = min(v.confidence, databaseFunctional)
	}
	return v
}

// generic reports whether a name is a word that anybody may use.
func generic(name string) bool {
	return slices.Contains([]string{
		"token", "session", "sessionid", "session_id", "user", "userid", "user_id", "uuid", "guid", "uid", "visitor", "visitorid", "visitor_id", "visit",
		"client", "clientid", "client_id", "device", "deviceid", "device_id", "locale", "language", "lang", "country", "region", "currency", "theme",
		"cookie", "cookies", "consent", "version", "settings", "preferences", "source", "referrer", "referer", "campaign", "state", "status", "count",
		"login", "auth", "email", "name", "test", "data", "tracking", "track", "page", "pages", "history", "audit", "player", "mobile", "store", "cart",
		"loc", "optout", "opt_out", "sid", "sess", "ident", "cid", "tid", "gid", "id",
	}, strings.ToLower(name))
}
