package policy_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
)

// A labelledRow is a declaration that a person read from a published policy.
// The alternatives are other readings that count as right.
type labelledRow struct {
	Name     string               `json:"name"`
	Names    []string             `json:"name_alt"`
	Host     string               `json:"host"`
	Hosts    []string             `json:"hosts"`
	HostAlt  []string             `json:"host_alt"`
	Class    evidence.Category    `json:"category"`
	Classes  []evidence.Category  `json:"category_alt"`
	Lifetime *string              `json:"lifetime"`
	Seconds  *float64             `json:"lifetime_seconds"`
	Lives    []*float64           `json:"lifetime_seconds_alt"`
	Storage  evidence.StorageKind `json:"storage"`
}

type labelled struct {
	Declarations []labelledRow `json:"declarations"`
	Optional     []string      `json:"optional_names"`
}

// A share counts what is right of what is known.
type share struct{ right, known int }

func (s *share) add(known, right bool) {
	if known {
		s.known++
		if right {
			s.right++
		}
	}
}

// mean is the mean of the shares in which something is known.
func mean(list []share) float64 {
	sum, n := 0.0, 0
	for _, s := range list {
		if s.known > 0 {
			sum += float64(s.right) / float64(s.known)
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// TestLabelled reads published policies that were labelled by hand: the names,
// and on the rows whose name was found the lifetimes, classes and hosts.
func TestLabelled(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(shared(t, "policies"), "*", "labels.json"))
	if err != nil || len(files) == 0 {
		t.Skip("no labelled policies")
	}
	names := 0.0
	var lives, classes, hosts []share
	for _, file := range files {
		gold, got := readLabelled(t, file)
		f1 := nameF1(gold, got)
		names += f1
		life, class, host := fieldShares(gold, got)
		lives, classes, hosts = append(lives, life), append(classes, class), append(hosts, host)
		t.Logf("%-20s F1 %.3f, lifetime %v, class %v, host %v", filepath.Base(filepath.Dir(file)), f1, life, class, host)
		if len(gold.Declarations) == 0 && len(got) > 0 && f1 < 1 {
			t.Errorf("%s: %d declarations on a page that has none", file, len(got))
		}
	}
	for _, held := range []struct {
		what        string
		macro, want float64
	}{
		{"F1 of names", names / float64(len(files)), 0.97},
		{"lifetimes", mean(lives), 0.95},
		{"classes", mean(classes), 0.93},
		{"hosts", mean(hosts), 0.90},
	} {
		if held.macro < held.want {
			t.Errorf("macro of %s is %.3f, want %.2f", held.what, held.macro, held.want)
		}
	}
}

// readLabelled reads a label file and the policy beside it.
func readLabelled(t *testing.T, file string) (gold labelled, got []evidence.Declaration) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &gold); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	texts, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "policy.*"))
	if len(texts) != 1 {
		t.Fatalf("%s: %d policies beside it", file, len(texts))
	}
	body, err := os.ReadFile(texts[0])
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Read(policy.Input{URL: texts[0], Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return gold, doc.Declarations
}

// nameF1 is the F1 of the different names.
func nameF1(gold labelled, got []evidence.Declaration) float64 {
	want, tolerated := map[string]bool{}, map[string]bool{}
	for _, d := range gold.Declarations {
		want[strings.ToLower(d.Name)] = true
		for _, alt := range d.Names {
			tolerated[strings.ToLower(alt)] = true
		}
	}
	for _, name := range gold.Optional {
		tolerated[strings.ToLower(name)] = true
	}
	hit, extra := map[string]bool{}, map[string]bool{}
	for _, d := range got {
		switch name := strings.ToLower(d.Name); {
		case want[name]:
			hit[name] = true
		case !tolerated[name]:
			extra[name] = true
		}
	}
	missed := 0
	for name := range want {
		if !hit[name] && !tolerated[name] {
			missed++
		}
	}
	if len(hit)+len(extra)+missed == 0 {
		return 1
	}
	return 2 * float64(len(hit)) / float64(2*len(hit)+len(extra)+missed)
}

// fieldShares compares each labelled row with the declaration of its name that
// is the most like it; none serves two rows.
func fieldShares(gold labelled, got []evidence.Declaration) (life, class, host share) {
	used := make([]bool, len(got))
	for _, want := range gold.Declarations {
		best, most := -1, -1
		for i, d := range got {
			if used[i] || !strings.EqualFold(d.Name, want.Name) && !slices.Contains(want.Names, d.Name) {
				continue
			}
			alike := 0
			for weight, same := range []bool{sameStorage(want, d), sameClass(want, d), sameLife(want, d), sameHost(want, d)} {
				if same {
					alike += 1 << weight
				}
			}
			if alike > most {
				best, most = i, alike
			}
		}
		if best < 0 {
			continue
		}
		used[best] = true
		life.add(want.Lifetime != nil, sameLife(want, got[best]))
		class.add(want.Class != evidence.UnknownCategory, sameClass(want, got[best]))
		host.add(want.Host != "", sameHost(want, got[best]))
	}
	return life, class, host
}

func sameStorage(want labelledRow, got evidence.Declaration) bool { return want.Storage == got.Storage }

func sameClass(want labelledRow, got evidence.Declaration) bool {
	return want.Class == got.Category || slices.Contains(want.Classes, got.Category)
}

// sameLife allows a twentieth: policies count months and years differently.
func sameLife(want labelledRow, got evidence.Declaration) bool {
	for _, seconds := range append([]*float64{want.Seconds}, want.Lives...) {
		switch {
		case seconds == nil || got.Seconds == nil:
			if seconds == nil && got.Seconds == nil {
				return true
			}
		case *seconds == float64(*got.Seconds):
			return true
		case *seconds > 0 && *got.Seconds > 0 && math.Abs(*seconds-float64(*got.Seconds)) <= 0.05*max(*seconds, float64(*got.Seconds)):
			return true
		}
	}
	return false
}

func sameHost(want labelledRow, got evidence.Declaration) bool {
	bare := func(host string) string {
		return strings.TrimPrefix(strings.TrimLeft(strings.ToLower(host), "*."), "www.")
	}
	for _, host := range append(append([]string{want.Host}, want.Hosts...), want.HostAlt...) {
		for h := range strings.FieldsSeq(got.Host) {
			if bare(h) == bare(host) {
				return true
			}
		}
	}
	return got.Host == "" && (want.Host == "" || slices.Contains(want.HostAlt, ""))
}
