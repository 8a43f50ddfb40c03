// Package signal decodes what sites state about consent: TC strings of the IAB
// Europe's Transparency and Consent Framework, strings of the Global Privacy
// Platform, US Privacy strings, and Google's consent mode as it stands in
// requests. It is pure; everything that it reads may be hostile.
package signal
