package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// placeholder stands for a secret in a value.
var placeholder = regexp.MustCompile(`\$\{(ENV|FILE):([^}]*)\}`)

// expandWord puts secrets into a value. Beside placeholders, the value's last
// word can be env:NAME or @FILE: "Bearer env:TOKEN".
func expandWord(value string) (string, error) {
	start := strings.LastIndexByte(value, ' ') + 1
	last := value[start:]
	if name, ok := strings.CutPrefix(last, "env:"); ok {
		text, err := fromEnvironment(name)
		return value[:start] + text, err
	}
	if name, ok := strings.CutPrefix(last, "@"); ok && name != "" {
		text, err := fromFile(name)
		return value[:start] + text, err
	}
	text, _, err := expand(value, asItIs)
	return text, err
}

// expand replaces the placeholders of a value, and says whether there were any;
// what they stand for is passed through escape.
func expand(value string, escape func(string) string) (text string, secret bool, err error) {
	var errs []error
	text = placeholder.ReplaceAllStringFunc(value, func(p string) string {
		m := placeholder.FindStringSubmatch(p)
		read := fromEnvironment
		if m[1] == "FILE" {
			read = fromFile
		}
		s, err := read(m[2])
		errs, secret = append(errs, err), true
		return escape(s)
	})
	return text, secret, errors.Join(errs...)
}

func asItIs(s string) string { return s }

func fromEnvironment(name string) (string, error) {
	value, ok := os.LookupEnv(name)
	switch {
	case !ok:
		return "", fmt.Errorf("the environment variable %s is not set", name)
	case value == "":
		return "", fmt.Errorf("the environment variable %s is empty", name)
	}
	return value, nil
}

// fromFile reads a secret from a file, without the line break at its end.
func fromFile(name string) (string, error) {
	b, err := readSmallFile(name)
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(string(b), "\r\n")
	if text == "" {
		return "", fmt.Errorf("the file %s is empty", name)
	}
	return text, nil
}

// maxSmallFile bounds a file that a user gives for the start state, in bytes.
const maxSmallFile = 16 << 20

func readSmallFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return nil, fmt.Errorf("%s: %w", name, pathError.Err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSmallFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read", name)
	case len(b) > maxSmallFile:
		return nil, fmt.Errorf("%s is longer than %d MiB", name, maxSmallFile>>20)
	}
	return b, nil
}
