package machine

import "testing"

func TestLook(t *testing.T) {
	t.Parallel()
	if got := memAvailable([]byte("MemTotal:       24570000 kB\nMemFree:  1 kB\nMemAvailable:   22000000 kB\n")); got != 22000000<<10 {
		t.Errorf("available: %d", got)
	}
	if got := memAvailable([]byte("MemTotal: 1 kB\n")); got != -1 {
		t.Errorf("a kernel that does not tell: %d", got)
	}
	if got := pressure([]byte("some avg10=12.50 avg60=1.00 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")); got != 12.5 {
		t.Errorf("pressure: %g", got)
	}
	if got := pressure(nil); got != -1 {
		t.Errorf("no pressure known: %g", got)
	}
	if s := Look(); s.Memory <= 0 {
		t.Errorf("this machine has %d bytes left", s.Memory)
	}
}
