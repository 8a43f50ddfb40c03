package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

// A shot is one picture with everything that it is a picture of.
type shot struct {
	Src      template.URL
	Alt      string
	Captions []string
	sha256   string
}

// maxShots bounds the pictures of one page together, in bytes: a page that is
// sent by mail, and opened by a browser in one go.
const maxShots = 6 << 20

// addShots puts the screenshots into the page, each picture once. Only what
// begins as a PNG file is one (PNG specification, section 5.2), and as an image
// it runs no script.
func (p *page) addShots(r *Report) {
	size, left := 0, 0
	for _, ph := range r.Phases {
		for _, s := range ph.Screenshots {
			if !bytes.HasPrefix(s.PNG, []byte("\x89PNG\r\n\x1a\n")) {
				continue
			}
			caption := clip(fmt.Sprintf("%s, %s, at %s", phaseText(ph.Phase), strings.ReplaceAll(prose(s.Stage), "_", " "), moment(s.AtMS)), pageName)
			if same := p.shot(s.SHA256); same != nil {
				same.Captions = append(same.Captions, caption)
				continue
			}
			if size+len(s.PNG) > maxShots {
				left++
				continue
			}
			size += len(s.PNG)
			p.Shots = append(p.Shots, shot{
				Src: template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(s.PNG)), //nolint:gosec // base64 holds nothing that ends an attribute
				Alt: "Screenshot " + caption, Captions: []string{caption}, sha256: s.SHA256,
			})
		}
	}
	if left > 0 {
		p.ShotsLeft = fmt.Sprintf("%s left out: a page holds at most %d MiB of them. An evidence bundle has all.", Plural(left, "picture"), maxShots>>20)
	}
}

// shot is the picture of that hash, nil where there is none yet.
func (p *page) shot(sha256 string) *shot {
	for i := range p.Shots {
		if p.Shots[i].sha256 == sha256 {
			return &p.Shots[i]
		}
	}
	return nil
}
