// Package evidence holds what a scan saw and what a site declared: plain data,
// no behaviour beyond naming and comparing. Everything else in the project
// produces or reads these types, so the package imports nothing but the
// standard library.
//
// Two conventions hold throughout. Times are UTC; moments inside a phase are
// milliseconds since the phase's first navigation. A pointer is nil where a fact
// was not stated or could not be looked at, which is never the same as zero.
package evidence
