package config

import (
	_ "embed"
	"encoding/json"
)

// Schema returns the JSON Schema of the file, for editors and other programs.
// What it cannot say (a cron that never comes, a schedule that is not there,
// files) only Read finds.
func Schema() ([]byte, error) {
	s := objectSchema((&file{}).fields())
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["title"] = "cookieaudit.yaml"
	b, err := json.MarshalIndent(s, "", "  ")
	return append(b, '\n'), err
}

func objectSchema(fields []field) map[string]any {
	properties, needed := map[string]any{}, []string{}
	for _, f := range fields {
		p := map[string]any{"description": f.doc}
		for k, v := range f.value.schema {
			p[k] = v
		}
		properties[f.name] = p
		if f.required {
			needed = append(needed, f.name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(needed) > 0 {
		s["required"] = needed
	}
	return s
}

//go:embed example.yaml
var example []byte

// Example returns a file that names every key.
func Example() []byte { return example }
