// Package purpose tells what cookies, storage keys and requests are for and
// who is behind them, from embedded data, from the user's own data and from
// what a scan saw of them. What the site declares is never an input: else a
// wrong label could not be found.
//
// A judgement carries a confidence from 0 to 1 and says what it rests on. From
// 0.9 it is held for confirmed, from 0.7 likely, from 0.4 possible; below that
// the category is unknown. The numbers are weights, not frequencies.
package purpose
