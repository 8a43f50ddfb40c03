// Package autoconsent holds the npm package @duckduckgo/autoconsent (MPL-2.0),
// unmodified, where the build could fetch it: rules for the banners of consent
// managers and of single sites. The files are embedded from dist and never part
// of this repository; without them Find reports that there is none.
package autoconsent
