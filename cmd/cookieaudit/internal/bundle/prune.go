package bundle

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// pruneBatch is how many entries of a folder are read at once.
const pruneBatch = 200

// Prune removes the bundles in a folder of scans that were started before a time,
// but those whose scan is kept, and what is left there of bundles that were never
// finished. It says how many bundles it removed. Whatever else lies in the folder
// stays. It may be interrupted and run again at any time.
func Prune(dir string, before time.Time, kept func(scan string) (bool, error)) (removed int, err error) {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil // no scan has been kept yet
	}
	if err != nil {
		return 0, fmt.Errorf("prune the evidence: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for {
		entries, err := d.ReadDir(pruneBatch)
		for _, e := range entries {
			gone, err := pruneOne(dir, e, before, kept)
			if err != nil {
				return removed, fmt.Errorf("prune the evidence: %w", err)
			}
			if gone {
				removed++
			}
		}
		if errors.Is(err, io.EOF) {
			return removed, nil
		}
		if err != nil {
			return removed, fmt.Errorf("prune the evidence: %w", err)
		}
	}
}

// pruneOne removes an entry of the folder where it is to go, and reports whether
// it was a bundle that did.
func pruneOne(dir string, e fs.DirEntry, before time.Time, kept func(string) (bool, error)) (bool, error) {
	name := filepath.Join(dir, e.Name())
	if !e.IsDir() {
		return false, nil
	}
	if strings.HasPrefix(e.Name(), unfinished) {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
			return false, nil
		}
		return false, errors.Join(err, os.RemoveAll(name))
	}
	// A scan's ID begins with its start; a folder of another name is no bundle.
	stamp, _, _ := strings.Cut(e.Name(), "-")
	if started, err := time.Parse("20060102T150405", stamp); !(err == nil && started.Before(before)) {
		return false, nil
	}
	_, err := os.Lstat(filepath.Join(name, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if keep, err := kept(e.Name()); keep || err != nil {
		return false, err
	}
	// What stands under a scan's ID is whole, also while it goes.
	going := filepath.Join(dir, unfinished+e.Name())
	if err := os.Rename(name, going); err != nil {
		return false, err
	}
	return true, os.RemoveAll(going)
}
