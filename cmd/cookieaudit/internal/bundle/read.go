package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"cookieaudit/crawler/evidence"
)

// maxRecord bounds a file that a report is made from, in bytes.
const maxRecord = 1 << 30

// Read reads what a report is made of. It does not verify: see Verify.
func Read(dir string) (Record, error) {
	var r Record
	root, err := os.OpenRoot(dir)
	if err != nil {
		return r, fmt.Errorf("read the bundle: %w", err)
	}
	defer root.Close()
	var earlier earlierScans
	var pictures []picture
	for _, f := range []struct {
		name string
		into any
	}{{scanName, &r.Scan}, {judgementName, &r.Judgement}, {earlierName, &earlier}, {picturesName, &pictures}} {
		data, err := readAll(root, f.name, maxRecord)
		if err != nil {
			return r, fmt.Errorf("read the bundle: %w", err)
		}
		if err := json.Unmarshal(data, f.into); err != nil {
			return r, fmt.Errorf("read the bundle: %s: %w", f.name, err)
		}
	}
	if r.Scan == nil {
		return r, errors.New("read the bundle: it holds no scan")
	}
	r.Earlier, r.Between = earlier.Earlier, earlier.Between
	if err := putPictures(root, r.Scan, pictures); err != nil {
		return r, fmt.Errorf("read the bundle: %w", err)
	}
	return r, nil
}

// putPictures puts the pictures of a bundle back into the scan.
func putPictures(root *os.Root, scan *evidence.Scan, pictures []picture) error {
	n := 0
	for i := range scan.Visits {
		for k := range scan.Visits[i].Screenshots {
			if n == len(pictures) {
				return fmt.Errorf("%s names too few pictures", picturesName)
			}
			png, err := readAll(root, pictures[n].File, maxRecord)
			if err != nil {
				return err
			}
			scan.Visits[i].Screenshots[k].PNG = png
			n++
		}
	}
	return nil
}

// readAll reads a file of a bundle that has no more than limit bytes.
func readAll(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read %s: it has more than %d bytes", name, limit)
	}
	return data, nil
}
