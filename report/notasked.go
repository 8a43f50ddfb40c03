package report

import (
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// notRequested lists, in reporting order, the phases that rules needed and the
// scan was not asked to visit.
func (r *Report) notRequested() []evidence.Phase {
	return slices.DeleteFunc(evidence.Phases(), func(p evidence.Phase) bool {
		return !slices.ContainsFunc(r.judged(), func(f audit.Finding) bool { return slices.Contains(f.NotRequested, p) })
	})
}

func phaseNames(phases []evidence.Phase) string {
	names := make([]string, len(phases))
	for i, p := range phases {
		names[i] = string(p)
	}
	return strings.Join(names, ",")
}

// everyPhase is the flag by which a scan visits what it did and what was not
// requested. The phase close is visited only where a banner can be closed: that it
// was not says nothing of what was asked for.
func (r *Report) everyPhase() string {
	missing := r.notRequested()
	return "--phases " + phaseNames(slices.DeleteFunc(evidence.Phases(), func(p evidence.Phase) bool {
		return p != evidence.Close && !slices.Contains(missing, p) && !slices.ContainsFunc(r.Coverage.Phases, func(v PhaseCoverage) bool { return v.Phase == p && v.Outcome != NotScanned })
	}))
}

// leftOut is the largest number of rules that a report was not asked for, and
// the flag that asks for them.
func leftOut(reports []*Report) (n int, flag string) {
	for _, r := range reports {
		if k := r.Summary.NotRequested; k > n {
			n, flag = k, r.everyPhase()
		}
	}
	return n, flag
}
