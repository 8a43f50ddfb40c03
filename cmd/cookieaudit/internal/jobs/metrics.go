package jobs

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river/rivertype"
)

// metrics are what a process counts of its own work, and what it sees of the
// queue.
type metrics struct {
	scans    *prometheus.CounterVec
	duration prometheus.Histogram
	failed   prometheus.Counter
	snoozed  prometheus.Counter
	states   *stateCollector
}

func newMetrics(q *Queue) *metrics {
	return &metrics{
		scans: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cookieaudit_scans_total", Help: "Scans that were recorded, by outcome (set_aside: given up after all attempts).",
		}, []string{"outcome"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "cookieaudit_scan_duration_seconds", Help: "Time from the start of a scan to its record.",
			Buckets: []float64{1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640},
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "cookieaudit_scan_failures_total", Help: "Attempts at a scan that the tool itself could not bring to an end.",
		}),
		snoozed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "cookieaudit_domain_waits_total", Help: "Jobs that were put off because their registrable domain was being visited or left alone.",
		}),
		states: &stateCollector{q: q, desc: prometheus.NewDesc("cookieaudit_jobs", "Scan jobs in the queue, by state.", []string{"state"}, nil)},
	}
}

func (m *metrics) register(r prometheus.Registerer) error {
	var errs []error
	for _, c := range []prometheus.Collector{m.scans, m.duration, m.failed, m.snoozed, m.states} {
		errs = append(errs, r.Register(c))
	}
	return errors.Join(errs...)
}

func (m *metrics) scanned(outcome string, took time.Duration) {
	m.scans.WithLabelValues(outcome).Inc()
	if took > 0 {
		m.duration.Observe(took.Seconds())
	}
}

// stateAge is how long a count of the queue is good for: counting a hundred
// thousand jobs takes a while.
const stateAge = 15 * time.Second

// A stateCollector counts jobs by state when it is asked.
type stateCollector struct {
	q    *Queue
	desc *prometheus.Desc

	mu      sync.Mutex
	counted time.Time
	counts  map[rivertype.JobState]int
}

// Describe implements prometheus.Collector.
func (c *stateCollector) Describe(ch chan<- *prometheus.Desc) { ch <- c.desc }

// Collect implements prometheus.Collector.
func (c *stateCollector) Collect(ch chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.counted) > stateAge {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		counts, err := c.q.States(ctx)
		if err != nil {
			ch <- prometheus.NewInvalidMetric(c.desc, err)
			return
		}
		c.counts, c.counted = counts, time.Now()
	}
	for state, n := range c.counts {
		ch <- prometheus.MustNewConstMetric(c.desc, prometheus.GaugeValue, float64(n), string(state))
	}
}
