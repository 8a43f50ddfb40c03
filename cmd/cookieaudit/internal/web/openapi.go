package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/report"
)

// describe returns the description of the API (OpenAPI 3.1.1): it is made from
// the same list as the API itself, so that neither can know of more than the
// other.
func describe(ops []*operation, version string) map[string]any {
	d := &description{schemas: map[string]any{}}
	paths := map[string]any{}
	add := func(path, method string, o map[string]any) {
		item, ok := paths[path].(map[string]any)
		if !ok {
			item = map[string]any{}
			paths[path] = item
		}
		item[strings.ToLower(method)] = o
	}
	for _, o := range ops {
		add(o.Path, o.Method, d.operation(o))
	}
	add("/scans/{id}/{file}", http.MethodGet, d.download())
	return map[string]any{
		"openapi":           "3.1.1",
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info": map[string]any{
			"title": "cookieaudit", "version": version,
			"description": "What cookieaudit has stored of sites and their scans, and its queue. Violations are potential ones: the tool observes, a person judges. " +
				"Where a count or a score is null nothing could be looked at; that is not zero.",
			"license": map[string]any{"name": "see the program"},
		},
		"servers":  []any{map[string]any{"url": apiRoot}},
		"security": []any{map[string]any{"token": []any{}}, map[string]any{"session": []any{}}},
		"paths":    paths,
		"components": map[string]any{
			"schemas": d.schemas,
			"securitySchemes": map[string]any{
				"token":   map[string]any{"type": "http", "scheme": "bearer"},
				"session": map[string]any{"type": "apiKey", "in": "cookie", "name": "__Host-cookieaudit_session"},
			},
			"responses": map[string]any{"problem": map[string]any{
				"description": "It could not be done (RFC 9457); nothing was changed",
				"content":     map[string]any{"application/problem+json": map[string]any{"schema": d.schema(reflect.TypeFor[problem]())}},
			}},
		},
	}
}

// A description collects the schemas of types that have a name.
type description struct{ schemas map[string]any }

func (d *description) operation(o *operation) map[string]any {
	out := map[string]any{"operationId": o.ID, "summary": o.Summary, "description": "Needs the role " + string(o.Role) + "."}
	var parameters []any
	properties, required := map[string]any{}, []string{}
	for _, f := range fieldsOf(o.Input) {
		inPath := slices.Contains(o.pathNames(), f.Name)
		switch {
		case inPath:
			parameters = append(parameters, map[string]any{"name": f.Name, "in": "path", "required": true, "description": f.Doc, "schema": f.schema()})
		case o.safe():
			parameters = append(parameters, map[string]any{"name": f.Name, "in": "query", "required": f.Required, "description": f.Doc, "schema": f.schema()})
		default:
			s := f.schema()
			s["description"] = f.Doc
			properties[f.Name] = s
			if f.Required {
				required = append(required, f.Name)
			}
		}
	}
	if parameters != nil {
		out["parameters"] = parameters
	}
	if len(properties) > 0 {
		schema := map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
		content := map[string]any{"application/json": map[string]any{"schema": schema}}
		if properties["sites"] != nil {
			content["text/csv"] = map[string]any{"schema": map[string]any{
				"type": "string", "description": "a list of addresses: the column named url, site, address, host or domain, else the first one",
			}}
		}
		out["requestBody"] = map[string]any{"required": true, "content": content}
	}
	good := map[string]any{"description": "Done"}
	if o.Status != http.StatusNoContent {
		good["description"] = "The answer"
		good["content"] = map[string]any{"application/json": map[string]any{"schema": d.result(o.Result)}}
	}
	out["responses"] = map[string]any{strconv.Itoa(o.Status): good, "default": map[string]any{"$ref": "#/components/responses/problem"}}
	return out
}

func (d *description) download() map[string]any {
	var names []any
	content := map[string]any{}
	for _, f := range downloads() {
		names = append(names, f.Name)
		mediaType, _, _ := strings.Cut(f.mediaType, ";")
		content[mediaType] = map[string]any{}
	}
	text := map[string]any{"type": "string"}
	return map[string]any{
		"operationId": "downloadScan", "summary": "The report of a scan as a file", "description": "Needs the role viewer.",
		"parameters": []any{
			map[string]any{"name": "id", "in": "path", "required": true, "description": "ID of the scan", "schema": text},
			map[string]any{"name": "file", "in": "path", "required": true, "description": "form of the report", "schema": map[string]any{"type": "string", "enum": names}},
		},
		"responses": map[string]any{
			"200":     map[string]any{"description": "The file", "content": content},
			"default": map[string]any{"$ref": "#/components/responses/problem"},
		},
	}
}

func (f *field) schema() map[string]any {
	switch f.Kind {
	case reflect.Int:
		return map[string]any{"type": "integer", "minimum": f.Min, "maximum": f.Max}
	case reflect.Slice:
		return map[string]any{"type": "array", "maxItems": f.Max, "items": map[string]any{"type": "string", "maxLength": maxText}}
	}
	s := map[string]any{"type": "string", "maxLength": f.Max}
	if f.Required {
		s["minLength"] = 1
	}
	if f.Day {
		s["format"] = "date"
	}
	if len(f.Enum) > 0 {
		s["enum"] = f.Enum
	}
	return s
}

// result is the schema of an answer. The report has a schema of its own, which is
// part of the program.
func (d *description) result(t reflect.Type) any {
	if t == reflect.TypeFor[*report.Report]() {
		return d.report()
	}
	return d.schema(t)
}

// report takes the schema of reports apart into components: a "$defs" inside of
// another document is not found by every reader.
func (d *description) report() any {
	var schema map[string]any
	if err := json.Unmarshal([]byte(report.JSONSchema()), &schema); err != nil {
		return map[string]any{"type": "object", "description": report.Schema}
	}
	defs, _ := schema["$defs"].(map[string]any)
	for name, def := range defs {
		d.schemas["report."+name] = moved(def)
	}
	for _, name := range []string{"$schema", "$id", "$defs"} {
		delete(schema, name)
	}
	d.schemas["report.Report"] = moved(schema)
	return map[string]any{"$ref": "#/components/schemas/report.Report"}
}

// moved points references to "$defs" to the components.
func moved(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if ref, ok := x.(string); ok && k == "$ref" {
				v[k] = strings.Replace(ref, "#/$defs/", "#/components/schemas/report.", 1)
				continue
			}
			v[k] = moved(x)
		}
	case []any:
		for i := range v {
			v[i] = moved(v[i])
		}
	}
	return v
}

// schema describes what encoding/json makes of a type.
func (d *description) schema(t reflect.Type) any {
	switch t {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[audit.Severity]():
		return map[string]any{"type": "string", "enum": audit.Severities()}
	case reflect.TypeFor[JobState]():
		return map[string]any{"type": "string", "enum": JobStates()}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return map[string]any{"anyOf": []any{d.schema(t.Elem()), map[string]any{"type": "null"}}}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": []string{"object", "null"}, "additionalProperties": d.schema(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Struct:
		return d.object(t)
	}
	return map[string]any{"type": "string"}
}

// object describes a struct, once for all that use it.
func (d *description) object(t reflect.Type) any {
	name := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	if pkg := t.PkgPath(); !strings.HasSuffix(pkg, "/web") {
		name = pkg[strings.LastIndex(pkg, "/")+1:] + "." + name
	}
	ref := map[string]any{"$ref": "#/components/schemas/" + name}
	if d.schemas[name] != nil {
		return ref
	}
	properties, required := map[string]any{}, []string{}
	d.schemas[name] = map[string]any{"type": "object", "properties": properties} // a type may hold itself
	d.fields(t, properties, &required)
	slices.Sort(required)
	d.schemas[name] = map[string]any{"type": "object", "properties": properties, "required": required}
	return ref
}

func (d *description) fields(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		sf := t.Field(i)
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		switch {
		case sf.Anonymous && name == "":
			d.fields(sf.Type, properties, required)
			continue
		case !sf.IsExported() || name == "-":
			continue
		}
		properties[name] = d.schema(sf.Type)
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}
