package browser

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// residentBytes is what a process holds in memory, 0 where it is gone
// (proc_pid_statm(5)).
func residentBytes(pid int) int64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// killProcess ends one helper of the browser.
func killProcess(pid int) {
	_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
}
