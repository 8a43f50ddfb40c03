// Package bundle writes the evidence of one scan into a folder that stands by
// itself, and reads it again: what was recorded, what was heard on the wire,
// pictures, policies and certificates as they came, and with what all of it was
// made.
//
// manifest.json names every file with its size and SHA-256. It is signed with
// Ed25519 where there is a key, and stamped by a time-stamping service (RFC 3161)
// where one is named; SHA256SUMS has the checksums of the manifest and of what
// seals it. All of that can be checked without this program, by sha256sum and
// openssl; README.txt in each bundle says how.
//
// No name of a file is made of anything that a site chose.
package bundle
