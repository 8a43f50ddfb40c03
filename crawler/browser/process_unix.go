//go:build unix

package browser

import (
	"os/exec"
	"syscall"
)

// killProcessGroup ends the browser and its helpers. The group was made by
// setProcessGroup for this browser alone, and its leader is still ours to wait
// for, so the id cannot have been given to anybody else.
func killProcessGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // no such group: all are gone
}
