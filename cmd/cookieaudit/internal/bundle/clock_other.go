//go:build !linux

package bundle

// synchronized is not known here.
func synchronized() *bool { return nil }
