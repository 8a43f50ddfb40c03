package signal

import (
	"errors"
	"fmt"
	"strings"
)

// maxText bounds the strings that are decoded, in bytes. A TC string with every
// vendor of the list by itself has under 20 000.
const maxText = 64 << 10

var (
	errTooLong  = errors.New("longer than 64 KiB")
	errCutShort = errors.New("cut short")
)

// A bits reads numbers off a string in the web-safe base64 alphabet, six bits a
// character. The formats cut bits where they like, so that a number may begin
// within a character; reading beyond the end sets err and gives zeros.
type bits struct {
	text string
	at   int // in bits
	err  error
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func newBits(text string) (*bits, error) {
	text = strings.TrimRight(text, "=")
	if len(text) > maxText {
		return nil, errTooLong
	}
	for i := range len(text) {
		if strings.IndexByte(alphabet, text[i]) < 0 {
			return nil, fmt.Errorf("character %d is %q, which is no web-safe base64", i+1, text[i])
		}
	}
	return &bits{text: text}, nil
}

// left is how many bits can still be read.
func (b *bits) left() int { return 6*len(b.text) - b.at }

// number reads n bits, most significant first; n is at most 62.
func (b *bits) number(n int) int {
	if b.err != nil || b.left() < n {
		b.err = errCutShort
		return 0
	}
	v := 0
	for range n {
		char := strings.IndexByte(alphabet, b.text[b.at/6])
		v = v<<1 | char>>(5-b.at%6)&1
		b.at++
	}
	return v
}

func (b *bits) flag() bool { return b.number(1) == 1 }

// letters reads n letters of six bits each, A being 0.
func (b *bits) letters(n int) string {
	var s strings.Builder
	for range n {
		s.WriteByte('A' + byte(b.number(6)))
	}
	if b.err == nil && strings.Trim(s.String(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		b.err = fmt.Errorf("%q are no letters", s.String())
	}
	return s.String()
}

// set reads n flags and returns the numbers, from 1, of those that are set.
func (b *bits) set(n int) []int {
	out := []int{}
	for i := 1; i <= n && b.err == nil; i++ {
		if b.flag() {
			out = append(out, i)
		}
	}
	return out
}

// fibonacci reads a number in Fibonacci coding: the sum of the Fibonacci numbers
// 1, 2, 3, 5, … whose flag is set, ended by two set flags in a row.
func (b *bits) fibonacci() int {
	sum, last := 0, false
	for f, next := 1, 2; b.err == nil; f, next = next, f+next {
		set := b.flag()
		if set && last {
			return sum
		}
		if set {
			sum += f
		}
		if sum > 1<<16 || f > 1<<20 {
			b.err = errors.New("a number is out of range")
		}
		last = set
	}
	return 0
}
