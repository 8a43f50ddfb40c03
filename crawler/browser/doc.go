// Package browser drives a headless Chrome or Chromium and records what a site
// does in it: every cookie write with its setter, the jar, web storage and the
// requests to other sites.
//
// A Browser is one process. A Visit is one browser context of it, which is a
// profile of its own: its jar starts empty and is read in its own context.
// Nothing that a page loads is blocked or changed.
//
// The package speaks the DevTools protocol over chromedp's pipe transport with
// its own session router, because chromedp drops the events of sessions that it
// did not attach itself: cross-site iframes, workers, service workers.
package browser
