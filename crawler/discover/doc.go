// Package discover finds out where a scan goes: it reads what a user asked for
// as a site, fetches single pages, picks the further pages of a site that are
// worth a visit and ranks the links that lead to a cookie or privacy policy.
// It is the only importer of colly.
//
// # Robots.txt
//
// robots.txt is read for the sitemaps that it names. What it disallows is noted
// and, unless the user asks for it (Choice.HonourRobots), not obeyed. RFC 9309
// speaks to crawlers that visit a site on their own; here a person asks about one
// site, and a handful of its pages are opened, one at a time, as a visitor's
// browser would open them. A site that could exclude an audit by a line in
// robots.txt would also decide what a regulator may see. Links that do something
// (log out, delete, buy) are never chosen.
//
// # Cookies
//
// Each Fetch has a jar of its own, because many sites answer a visitor without
// their cookie with an endless redirect. The jar is dropped afterwards: nothing
// that one fetch was given is sent by the next, and no cookie seen here enters a
// scan's record, which is the browser's alone.
package discover
