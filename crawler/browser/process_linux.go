package browser

import (
	"os/exec"
	"syscall"
)

// setProcessGroup puts the browser into a group of its own, so that its helper
// processes end with it, and ties its life to ours.
func setProcessGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
