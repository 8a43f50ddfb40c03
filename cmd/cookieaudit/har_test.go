package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xeipuuv/gojsonschema"
)

// harSchemas are the schemas of the npm package har-schema, which .ci/packages
// installs.
const harSchemas = "../../.ci/tools/node_modules/har-schema/lib"

// harFiles checks files against the schema of HAR 1.2 that other programs use:
// "har FILE...", "! har FILE...".
func harFiles(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: [!] har FILE...")
	}
	schema, err := harSchema()
	if os.IsNotExist(err) {
		ts.Logf("HAR files are not checked: npm has not installed har-schema")
		return
	}
	ts.Check(err)
	for _, name := range args {
		result, err := schema.Validate(gojsonschema.NewStringLoader(ts.ReadFile(name)))
		ts.Check(err)
		for _, e := range result.Errors() {
			ts.Logf("%s: %s", name, e)
		}
		if result.Valid() == neg {
			ts.Fatalf("%s: a HAR 1.2: %v", name, result.Valid())
		}
	}
}

func harSchema() (*gojsonschema.Schema, error) {
	// Their names are relative, and this reader wants addresses.
	const base = "http://har-schema.invalid/"
	names, err := filepath.Glob(filepath.Join(harSchemas, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, os.ErrNotExist
	}
	loader := gojsonschema.NewSchemaLoader()
	loader.Draft = gojsonschema.Draft6
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		text := strings.ReplaceAll(string(data), `"$id": "`, `"$id": "`+base)
		if err := loader.AddSchemas(gojsonschema.NewStringLoader(text)); err != nil {
			return nil, err
		}
	}
	return loader.Compile(gojsonschema.NewStringLoader(`{"$ref": "` + base + `har.json#"}`))
}
