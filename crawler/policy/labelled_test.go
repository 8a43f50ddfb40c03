package policy_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cookieaudit/crawler/policy"
)

// TestLabelled reads published policies that were labelled by hand and holds the
// precision and recall of their names.
func TestLabelled(t *testing.T) {
	t.Parallel()
	dir := shared(t, "policies")
	files, err := filepath.Glob(filepath.Join(dir, "*", "labels.json"))
	if err != nil || len(files) == 0 {
		t.Skip("no labelled policies")
	}
	total := 0.0
	for _, labels := range files {
		total += nameF1(t, labels)
	}
	if macro := total / float64(len(files)); macro < 0.97 {
		t.Errorf("macro F1 of names is %.3f, want 0.97", macro)
	}
}

type labelled struct {
	Declarations []struct {
		Name string   `json:"name"`
		Alt  []string `json:"name_alt"`
	} `json:"declarations"`
	Optional []string `json:"optional_names"`
}

// nameF1 reads the policy beside a label file and returns the F1 of its
// different names.
func nameF1(t *testing.T, labels string) float64 {
	t.Helper()
	raw, err := os.ReadFile(labels)
	if err != nil {
		t.Fatal(err)
	}
	var gold labelled
	if err := json.Unmarshal(raw, &gold); err != nil {
		t.Fatalf("%s: %v", labels, err)
	}
	texts, _ := filepath.Glob(filepath.Join(filepath.Dir(labels), "policy.*"))
	if len(texts) != 1 {
		t.Fatalf("%s: %d policies beside it", labels, len(texts))
	}
	body, err := os.ReadFile(texts[0])
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Read(policy.Input{URL: texts[0], Body: body})
	if err != nil {
		t.Fatal(err)
	}
	want, tolerated := map[string]bool{}, map[string]bool{}
	for _, d := range gold.Declarations {
		want[strings.ToLower(d.Name)] = true
		for _, alt := range d.Alt {
			tolerated[strings.ToLower(alt)] = true
		}
	}
	for _, name := range gold.Optional {
		tolerated[strings.ToLower(name)] = true
	}
	hit, extra := map[string]bool{}, map[string]bool{}
	for _, d := range doc.Declarations {
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
	f1 := 1.0
	if len(hit)+len(extra)+missed > 0 {
		f1 = 2 * float64(len(hit)) / float64(2*len(hit)+len(extra)+missed)
	}
	t.Logf("%-20s F1 %.3f, %d missed, %d extra", filepath.Base(filepath.Dir(labels)), f1, missed, len(extra))
	return f1
}
