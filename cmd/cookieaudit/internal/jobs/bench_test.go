package jobs

import (
	"fmt"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
)

// scanCost is the time of a scan in BenchmarkFleet. It waits and does not work:
// what is measured is the queue.
const scanCost = 250 * time.Millisecond

// BenchmarkFleet works off 1,000 jobs with 1, 2 and 4 processes on PostgreSQL,
// each scanning eight sites at once, and tells how many jobs are done in a
// second and what a job costs beyond its scan.
func BenchmarkFleet(b *testing.B) {
	const n = 1000
	for _, processes := range []int{1, 2, 4} {
		b.Run(fmt.Sprint(processes), func(b *testing.B) {
			for b.Loop() {
				dsn := postgrestest.URL(b)
				db, err := store.Open(b.Context(), dsn)
				if err != nil {
					b.Fatal(err)
				}
				q, err := Open(b.Context(), db, Options{})
				if err != nil {
					b.Fatal(err)
				}
				enqueue(b, q, "sweep", sites(n))
				for range processes {
					launch(b, "paid", dsn)
				}
				batchDone(b, q, "sweep")
				// From the first job's start, which leaves out that of the processes.
				var ms float64
				err = db.DB().QueryRowContext(b.Context(), `SELECT 1000 * extract(epoch FROM max(finalized_at) - min(attempted_at)) FROM river_job WHERE kind = 'scan'`).Scan(&ms)
				if err != nil {
					b.Fatal(err)
				}
				slots := float64(processes * paidParallel)
				beyond := ms*slots/n - float64(scanCost.Milliseconds())
				b.ReportMetric(n/ms*1000, "jobs/s")
				b.ReportMetric(beyond, "ms-beyond-scan/job")
				wantEachOnce(b, db, sites(n))
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
