package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// maxRecord bounds a file that a report is made from, in bytes.
const maxRecord = 1 << 30

// Read reads the scan and its judgement, which is nil where there was none. It
// does not verify: see Verify.
func Read(dir string) (*evidence.Scan, *audit.Judgement, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("read the bundle: %w", err)
	}
	defer root.Close()
	var scan *evidence.Scan
	var j *audit.Judgement
	var pictures []picture
	for _, f := range []struct {
		name string
		into any
	}{{scanName, &scan}, {judgementName, &j}, {picturesName, &pictures}} {
		data, err := readAll(root, f.name)
		if err != nil {
			return nil, nil, fmt.Errorf("read the bundle: %w", err)
		}
		if err := json.Unmarshal(data, f.into); err != nil {
			return nil, nil, fmt.Errorf("read the bundle: %s: %w", f.name, err)
		}
	}
	if scan == nil {
		return nil, nil, errors.New("read the bundle: it holds no scan")
	}
	n := 0
	for i := range scan.Visits {
		for k := range scan.Visits[i].Screenshots {
			if n == len(pictures) {
				return nil, nil, fmt.Errorf("read the bundle: %s names too few pictures", picturesName)
			}
			if scan.Visits[i].Screenshots[k].PNG, err = readAll(root, pictures[n].File); err != nil {
				return nil, nil, fmt.Errorf("read the bundle: %w", err)
			}
			n++
		}
	}
	return scan, j, nil
}

func readAll(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRecord+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxRecord {
		return nil, fmt.Errorf("read %s: it is too large", name)
	}
	return data, nil
}
