package web

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestDescription has a library that is not ours read the description of the API.
func TestDescription(t *testing.T) {
	t.Parallel()
	a := newTestSite(t).visitor(t).get("/api/v1/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}
