//go:build unix

package browser

import (
	"os/exec"
	"syscall"
)

// killProcessGroup ends the browser and its helpers. The group was made by
// setProcessGroup for this browser alone. It is called while the leader lives or
// has only just ended: its number is not given to anybody else so soon.
func killProcessGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // no such group: all are gone
}
