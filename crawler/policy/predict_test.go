package policy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestPredict(t *testing.T) {
	dir := os.Getenv("PREDICT")
	if dir == "" {
		t.Skip()
	}
	files, _ := filepath.Glob("/work/shared/policies/*/policy.*")
	seeds, _ := filepath.Glob("/work/shared/seeds/*.txt")
	for _, f := range append(files, seeds...) {
		body, _ := os.ReadFile(f)
		d, err := Read(Input{URL: f, Body: body})
		if err != nil {
			t.Log(f, err)
			continue
		}
		name := filepath.Base(filepath.Dir(f))
		if name == "seeds" {
			name = filepath.Base(f)[:3]
		}
		b, _ := json.MarshalIndent(map[string]any{"document": d.PolicyDocument, "declarations": d.Declarations, "claims": d.Claims, "declares_none": d.DeclaresNone}, "", " ")
		os.WriteFile(filepath.Join(dir, name+".json"), b, 0o644)
	}
}
