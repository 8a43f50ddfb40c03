package machine

import (
	"bytes"
	"os"
	"strconv"
	"strings"
)

// Look reads the machine's state, as far as it tells: /proc/meminfo (proc(5)), the
// memory bound of the control group (cgroup v2, memory.max), and the pressure on
// the CPUs (/proc/pressure/cpu).
func Look() State {
	s := State{Memory: available(), Pressure: -1}
	if text, err := os.ReadFile("/proc/pressure/cpu"); err == nil {
		s.Pressure = pressure(text)
	}
	return s
}

func available() int64 {
	left := int64(-1)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		left = memAvailable(text)
	}
	most, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	used, err2 := os.ReadFile("/sys/fs/cgroup/memory.current")
	stat, err3 := os.ReadFile("/sys/fs/cgroup/memory.stat")
	if err != nil || err2 != nil || err3 != nil {
		return left
	}
	bound, err := strconv.ParseInt(string(bytes.TrimSpace(most)), 10, 64)
	if err != nil { // "max": there is none
		return left
	}
	held, _ := strconv.ParseInt(string(bytes.TrimSpace(used)), 10, 64)
	within := bound - held + field(stat, "inactive_file") // files that were read can be dropped
	if left < 0 {
		return within
	}
	return min(left, within)
}

// memAvailable reads /proc/meminfo, whose numbers are in KiB.
func memAvailable(text []byte) int64 {
	if kib := field(text, "MemAvailable:"); kib > 0 {
		return kib << 10
	}
	return -1
}

// field is the number behind a name at the start of a line, 0 where there is none.
func field(text []byte, name string) int64 {
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == name {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n
		}
	}
	return 0
}

// pressure reads "some avg10=1.23 …".
func pressure(text []byte) float64 {
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, "some avg10=")
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(rest, " ")
		if p, err := strconv.ParseFloat(number, 64); err == nil {
			return p
		}
	}
	return -1
}
