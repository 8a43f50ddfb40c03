// Package declared compares what a scan observed with what the site's policies
// declare. A name matches exactly or through a placeholder that the policy
// wrote; what merely comes close is shown as a near miss and counts as
// undeclared.
package declared
