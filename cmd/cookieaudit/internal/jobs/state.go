package jobs

import (
	"context"
	"fmt"
	"time"
)

// States counts the scan jobs in the queue by state.
func (q *Queue) States(ctx context.Context) (map[string]int, error) {
	rows, err := q.db.DB().QueryContext(ctx, `SELECT state, count(*) FROM river_job WHERE kind = 'scan' GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count the jobs: %w", err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count the jobs: %w", err)
		}
		out[state] = n
	}
	return out, rows.Err()
}

// A Turn is a schedule's next slot.
type Turn struct {
	Schedule string    `json:"schedule"`
	Next     time.Time `json:"next"`
	Sites    int       `json:"sites"`
}

// Upcoming says when each schedule of the plan comes next.
func (q *Queue) Upcoming() []Turn {
	out := []Turn{}
	if q.o.Plan == nil {
		return out
	}
	for _, s := range q.o.Plan.Schedules {
		t := Turn{Schedule: s.Name, Next: s.Next(q.o.Now())}
		for _, site := range q.o.Plan.Sites {
			for _, name := range site.Schedules {
				if name == s.Name {
					t.Sites++
				}
			}
		}
		out = append(out, t)
	}
	return out
}
