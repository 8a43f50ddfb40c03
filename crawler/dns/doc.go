// Package dns asks a name server what a host's name is an alias of. The
// standard library's resolver tells the last name of a chain only, and a
// tracker often stands in the middle: its own name is an alias of a hosting
// company's.
package dns
