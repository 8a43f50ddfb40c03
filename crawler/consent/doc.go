// Package consent finds a consent banner in a page, answers it and proves that
// the answer took. It knows no browser: it declares the two small interfaces,
// Page and Frame, through which it looks and acts.
//
// # Detection
//
// A script looks into every frame and into every open shadow root, visible
// elements only, and reports boxes that speak of cookies or call themselves
// dialogs, with what can be clicked in them. What is a banner and what a control
// does is judged in Go, by the words of words.yaml. Where that finds none, the
// page is asked for its closed shadow roots, which are then looked into as well.
//
// # Answering
//
// Controls are clicked from a script: pointer and mouse events, then click().
// It works in every frame, cross-site ones too, needs no coordinates, and cannot
// hit what lies above the control, an advert for example. The price is that the
// events are not trusted; a banner that demands trusted ones stays, and its
// answer is reported as failed.
//
// The moment of an answer is taken before the click is sent, so that everything
// the click causes counts as after it.
//
// # Proof
//
// A click proves nothing. An answer is verified only when the banner is gone and
// the site's own state says so: the consent APIs (TCF, GPP, Consent Mode), the
// manager's own state, or a cookie or storage entry that was written since and
// reads as the answer. A banner that is gone while the state says the opposite, or
// nothing that can be read, makes it clicked; one that stays makes it failed.
package consent
