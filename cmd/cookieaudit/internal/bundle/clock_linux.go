package bundle

import "golang.org/x/sys/unix"

// synchronized reports whether the kernel holds its clock for synchronised with
// another (adjtimex(2)); nil where it does not say.
func synchronized() *bool {
	state, err := unix.Adjtimex(&unix.Timex{})
	if err != nil {
		return nil
	}
	yes := state != unix.TIME_ERROR
	return &yes
}
