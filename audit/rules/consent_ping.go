package rules

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// sayPing adds to a finding about a host that was asked after a refusal what its
// requests say of Google's consent mode (gcs, gcd). A tag in advanced consent mode
// sends a ping without cookies where consent is denied: that it was sent stands, and
// whoever reads the finding should know what was sent.
func sayPing(f *audit.Finding, v *evidence.Visit, withCookie bool) {
	i := slices.IndexFunc(v.Signals, func(s evidence.Signal) bool {
		return s.Source == evidence.FromRequest && s.ConsentMode != nil && s.AfterAnswer && s.Name == f.Subject.Name
	})
	if i < 0 {
		return
	}
	s := &v.Signals[i]
	var denied []string
	for _, mode := range []string{"ad_storage", "analytics_storage"} {
		if state := s.ConsentMode.States[mode]; state == "denied" || strings.HasSuffix(state, "denied by default") || strings.HasSuffix(state, "denied by update") {
			denied = append(denied, mode)
		}
	}
	switch {
	case len(denied) == 0:
		f.Message += fmt.Sprintf(" Its request does not say that Google's consent mode denies anything (%s).", s.Raw)
	case withCookie:
		f.Message += fmt.Sprintf(" Its request says that Google's consent mode denies %s (%s), and carried a cookie all the same.", strings.Join(denied, " and "), s.Raw)
	default:
		f.Message += fmt.Sprintf(" Its request says that Google's consent mode denies %s (%s) and carried no cookie: a cookieless ping of advanced consent mode.", strings.Join(denied, " and "), s.Raw)
	}
	if len(f.Evidence) < maxExhibits {
		f.Evidence = append(f.Evidence, signalExhibit(v.Phase, s, "states "+s.Raw))
	}
}
