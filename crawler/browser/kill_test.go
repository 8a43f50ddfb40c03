package browser_test

import (
	"syscall"
	"testing"
)

// kill ends a browser that the test started, as the kernel would.
func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
