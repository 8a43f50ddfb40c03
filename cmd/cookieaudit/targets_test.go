package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadTargets(t *testing.T) {
	t.Parallel()
	const list = "\ufeffexample.org\r\n# a remark\r\n\r\n  Shop.Example/x  \nhttps://example.org/\nexample.com"
	file := filepath.Join(t.TempDir(), "sites")
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{"https://example.net/", "https://example.org/", "https://shop.example/x", "https://example.com/"}
	for _, name := range []string{file, "-"} {
		sites, err := readTargets([]string{"example.net", "example.net"}, []string{name}, strings.NewReader(list))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range sites {
			got = append(got, s.URL)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReadTargetsNamesEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := readTargets([]string{"ftp://a"}, []string{"-"}, strings.NewReader("ok.example\nhttp://\n"+strings.Repeat("x", 9000)))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`read site "ftp://a"`, "- line 2: ", "- line 3: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	if _, err := readTargets(nil, []string{"-"}, strings.NewReader(strings.Repeat("x", maxListLine+2))); err == nil {
		t.Error("an endless line is no error")
	}
}
