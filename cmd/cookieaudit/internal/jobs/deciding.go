package jobs

import (
	"context"
	"log/slog"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/crawler/evidence"
)

// A decider knows which findings users of the dashboard have accepted.
type decider interface {
	Decisions(ctx context.Context) ([]audit.Decision, error)
}

// deciding audits with what users have accepted until then, beside what the
// configuration accepts.
type deciding struct {
	pipeline.Auditor
	decisions func() ([]audit.Decision, error)
	log       *slog.Logger
}

func newDeciding(ctx context.Context, a pipeline.Auditor, from decider, log *slog.Logger) *deciding {
	return &deciding{Auditor: a, log: log, decisions: func() ([]audit.Decision, error) { return from.Decisions(context.WithoutCancel(ctx)) }}
}

// Judge audits a scan. Where the decisions cannot be read the findings are judged
// as open: whoever shows them looks at the decisions again.
func (d *deciding) Judge(scan *evidence.Scan) *audit.Judgement {
	j := d.Auditor.Judge(scan)
	if j == nil {
		return nil
	}
	all, err := d.decisions()
	if err != nil {
		d.log.Warn("what users have accepted is not known: findings are judged as open", "site", scan.Site.URL, "error", err)
		return j
	}
	return j.On(scan.Site, scan.Started, audit.Standing(all))
}
