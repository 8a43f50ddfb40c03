//go:build unix && !linux

package browser

import (
	"os/exec"
	"syscall"
)

// setProcessGroup puts the browser into a group of its own, so that its helper
// processes end with it. When we are killed, the browser ends because its pipe
// closes.
func setProcessGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
