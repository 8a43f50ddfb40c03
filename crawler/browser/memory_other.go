//go:build !linux

package browser

// residentBytes is not known here: the system bounds what a page takes.
func residentBytes(int) int64 { return 0 }

func killProcess(int) {}
