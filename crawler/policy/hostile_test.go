package policy_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"cookieaudit/crawler/policy"
)

func TestReadErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		body string
		want error
	}{
		{"empty", " \n", policy.ErrEmpty},
		{"pdf", "%PDF-1.7\n%\xe2\xe3", policy.ErrPDF},
		{"rows.csv", "Name,Expiry\n" + repeatNumbered("name_%d,1 year\n", 2<<20), policy.ErrTooMany},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", policy.ErrBinary},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := policy.Read(policy.Input{URL: test.name, Body: []byte(test.body)}); !errors.Is(err, test.want) {
				t.Errorf("Read = %v, want %v", err, test.want)
			}
		})
	}
}

func TestReadDecodes(t *testing.T) {
	t.Parallel()
	latin1 := "<html><head><meta charset=iso-8859-1></head><body><h1>Cookies n\xe9cessaires</h1><table><tr><th>Nom</th><th>Dur\xe9e</th></tr><tr><td>panier_id</td><td>1 ann\xe9e</td></tr></table></body></html>"
	utf16 := "\xff\xfe"
	for _, r := range "Name,Expiry\ncart_id,2 weeks\n" {
		utf16 += string([]byte{byte(r), 0})
	}
	for name, in := range map[string]policy.Input{
		"declared in the page": {Body: []byte(latin1)},
		"declared in the type": {Body: []byte(latin1), ContentType: "text/html; charset=iso-8859-1"},
		"csv without a name":   {Body: []byte("Cookie;Anbieter;Laufzeit\r\ncart_id;\"Mill; Co.\";2 Wochen\r\n")},
		"csv as text":          {Body: []byte("Provider,\"Cookie name\",Duration\nMill,cart_id,2 weeks\n"), URL: "cookies.txt", ContentType: "text/plain"},
		"utf-16 without one":   {Body: []byte(utf16[2:]), URL: "cookies.csv"},
		"utf-16 with a mark":   {Body: []byte(utf16), URL: "cookies.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := policy.Read(in)
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Declarations) != 1 || doc.Declarations[0].Seconds == nil {
				t.Errorf("declarations = %+v", doc.Declarations)
			}
		})
	}
}

// fullPages declare as many cookies in 5 MiB as are read at most, in the layouts
// that take longest.
var fullPages = map[string]func(n int) string{
	"rows.html": func(n int) string {
		return "<html><body><h1>Cookies</h1><table><tr><th>Cookie</th><th>Purpose</th><th>Expiry</th></tr>" +
			repeatNumbered("<tr><td>cookie_%d</td><td>Keeps what was chosen on this page.</td><td>2 years</td></tr>\n", n) + "</table></body></html>"
	},
	"prose.html": func(n int) string {
		return "<html><body>" + repeatNumbered("<p>We use the cookie item_%d only after you have given your consent, and never for advertising. It expires after 2 years.</p>\n", n) + "</body></html>"
	},
	"pipes.md": func(n int) string {
		return "Cookie | Purpose | Provider | Expiry\n---|---|---|---\n" + repeatNumbered("cookie_%d | Keeps what was chosen on this page of the shop. | Nile Statistics | 2 years\n", n)
	},
	"cells.txt": func(n int) string {
		return "Cookie |\nExpiry |\nPurpose |\n" + repeatNumbered("cookie_%d |\n2 years |\nKeeps what was chosen on this page, for as long as it says beside it. |\n", n)
	},
	"values.txt": func(n int) string {
		return "Cookie\nExpiry\nPurpose\n" + repeatNumbered("cookie_%d\n2 years\nKeeps what was chosen on this page, for as long as it says above.\n", n)
	},
	"labels.txt": func(n int) string {
		return repeatNumbered("Name: cookie_%d\nProvider: Nile\nPurpose: keeps what was chosen on this page\nExpiry: 1 year\n", n)
	},
	"lines.txt": func(n int) string {
		return "Cookies\n\n" + repeatNumbered("- cookie_%d (2 years): keeps what was chosen on this page, for as long as it says\n", n)
	},
}

// hostilePages repeat what could make a reader slow: each has to be read in time
// that grows with its length alone.
var hostilePages = map[string]func(n int) string{
	"preformatted.html": func(n int) string {
		return "<html><body>" + strings.Repeat("<pre>Cookie  Expiry\n", 400) + strings.Repeat("cookie_a  1 year\n", n/17)
	},
	"spans.html": func(n int) string {
		return "<table>" + strings.Repeat(`<tr><td colspan="9999" rowspan="9999">x_y</td><td rowspan=99999>1 day</td></tr>`, n/90) + "</table>"
	},
	"deep.html": func(n int) string {
		return strings.Repeat("<div><b>", n/16) + "a_b" + strings.Repeat("</b></div>", n/20)
	},
	"grids.html": func(n int) string {
		return strings.Repeat(strings.Repeat("<div role=table><div role=row><div role=cell>", 100)+"a_b"+strings.Repeat("</div></div></div>", 100), n/6203)
	},
	"heading.html": func(n int) string {
		return "<h1>" + strings.Repeat("of them ", n/16) + "</h1>" + repeatNumbered("<p>a_%d: 1 year</p>", n/2)
	},
	"group.html": func(n int) string {
		return "<table><tr><th>Name</th><th>Purpose</th></tr><tr><td colspan=2>" + strings.Repeat("of them ", n/16) + "</td></tr>" + repeatNumbered("<tr><td>a_%d</td><td>x</td></tr>", n/2)
	},
	"spanned.html": func(n int) string {
		return "<table><tr><th>Name</th><th>Purpose</th></tr><tr><td>a_b</td><td rowspan=500>" + strings.Repeat("of them ", n/16) + "</td></tr>" + repeatNumbered("<tr><td>a_%d</td></tr>", n/2)
	},
	"hosts.html": func(n int) string {
		return "<table><tr><th>Name</th><th>Domain</th></tr><tr><td>a_b</td><td>" + repeatNumbered("www%d.example.org, ", n) + "</td></tr></table>"
	},
	"collapsed.txt": func(n int) string { return strings.Repeat("Cookie Name Purpose Expiry\n", n/27) },
	"rules.txt":     func(n int) string { return strings.Repeat("+----+----+\n", n/12) },
	"kept.html": func(n int) string {
		return "<table><tr><th>Name</th><th>Purpose</th></tr>" + strings.Repeat("<tr><td>a_b</td><td>session "+strings.Repeat("retain ", 560)+"</td></tr>", n/4000) + "</table>"
	},
	"unclosed.html":  func(n int) string { return "<html>" + strings.Repeat("<table><tr><td>", n/16) },
	"brackets.md":    func(n int) string { return strings.Repeat("[", n/2) + strings.Repeat("](", n/4) },
	"emphasis.md":    func(n int) string { return strings.Repeat("**a *b __c ", n/12) },
	"coded-pipes.md": func(n int) string { return "Name | Expiry\n---|---\n" + strings.Repeat("a_b | `|`\n", n/10) },
	"one-line.txt":   func(n int) string { return strings.Repeat("cookie name_x: 1 year; ", n/24) },
	"stream.txt":     func(n int) string { return "Name\nExpiry\nPurpose\n" + strings.Repeat("a_b\n1 year\nKeeps it\n", n/22) },
	"flattened.txt": func(n int) string {
		return "Name |\nExpiry |\nPurpose |\n" + strings.Repeat("a_b |\n1 year |\n|\n", n/16)
	},
	"one-cell.txt":   func(n int) string { return strings.Repeat("a |\n", n/4) },
	"names.txt":      func(n int) string { return "Name | Expiry\n---|---\nx_y | \n" + strings.Repeat("a_b  \n", n/6) },
	"two-labels.txt": func(n int) string { return strings.Repeat("Name: a_b\nExpiry: 1 year\n", n/25) },
	"colons.txt":     func(n int) string { return strings.Repeat("Name: ", n/6) },
	"aliases.yaml": func(n int) string {
		return "a: &a [x_y]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n" + strings.Repeat("- ", min(n/2, 5000))
	},
	"nested.json": func(n int) string { return strings.Repeat("[", min(n/2, 9000)) + strings.Repeat("]", min(n/2, 9000)) },
	"objects.json": func(n int) string {
		return "[" + strings.Repeat(`{"name":"a_b","expiry":"1 year"},`, n/34) + `{"name":"c_d","expiry":"1 day"}]`
	},
	"lists.html":   func(n int) string { return "<html><script>" + strings.Repeat("cookies=[", n/9) },
	"members.html": func(n int) string { return "<html><script>" + strings.Repeat("cookies={a:{b:'", n/15) },
	"remarks.html": func(n int) string { return "<html><script>" + strings.Repeat("cookies=(/*", n/11) },
	"regexps.html": func(n int) string { return "<html><script>" + strings.Repeat("cookies={a:/", n/12) },
	"divided.html": func(n int) string { return "<html><script>cookies={a:" + strings.Repeat("b /", n/3) },
	"aligned.txt": func(n int) string {
		return "Name    Expiry   Purpose\n" + strings.Repeat("a_b,    1 year   Keeps\n", n/23)
	},
	"wrapped.txt": func(n int) string { return "Name    Expiry\na_b     1 year\n" + strings.Repeat("        and\n", n/12) },
	"quotes.csv":  func(n int) string { return "Name,Expiry\n" + strings.Repeat("\"a_b,\"1 year\n", n/14) },
}

func repeatNumbered(format string, bytes int) string {
	var b strings.Builder
	for i := 0; b.Len() < bytes; i++ {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestReadStaysLinear reads each page at two lengths and compares the processor
// time, which a busy machine does not change as it does the clock.
func TestReadStaysLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 16 MB")
	}
	const small, factor = 100 << 10, 8
	pages := maps.Clone(hostilePages)
	maps.Copy(pages, fullPages)
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			short, long := cpu(t, name, page(small)), cpu(t, name, page(small*factor))
			t.Logf("%s, then %s for %d times as much", short, long, factor)
			if long > 2*time.Second && long > 4*factor*short {
				t.Errorf("%s for %d bytes but %s for %d", short, small, long, small*factor)
			}
		})
	}
}

// cpu is the processor time that reading a page takes.
func cpu(t testing.TB, name, body string) time.Duration {
	t.Helper()
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Read(policy.Input{URL: name, Body: []byte(body)}); err != nil && !errors.Is(err, policy.ErrBinary) && !errors.Is(err, policy.ErrTooMany) {
		t.Fatal(err)
	}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
		t.Fatal(err)
	}
	return time.Duration(after.Utime.Nano() - before.Utime.Nano())
}

// BenchmarkRead reads 5 MiB of each layout that takes longest, and tells the
// processor time and the largest heap while it reads.
func BenchmarkRead(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(fullPages)) {
		body := []byte(fullPages[name](5 << 20))
		if _, err := policy.Read(policy.Input{URL: name, Body: body}); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			runtime.GC()
			peak := watchHeap()
			var spent time.Duration
			for b.Loop() {
				spent += cpu(b, name, string(body))
			}
			b.ReportMetric(spent.Seconds()/float64(b.N), "cpu-s/op")
			b.ReportMetric(float64(peak())/(1<<20), "peak-MiB")
		})
	}
}

// watchHeap looks at the heap every few milliseconds; the function that it
// returns ends that and tells the largest size in bytes.
func watchHeap() func() uint64 {
	var largest uint64
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-end:
				tick.Stop()
				return
			case <-tick.C:
				metrics.Read(sample)
				largest = max(largest, sample[0].Value.Uint64())
			}
		}
	}()
	return func() uint64 {
		close(end)
		<-ended
		return largest
	}
}

// FuzzRead reads arbitrary bytes as every format.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.*")
	for _, file := range files {
		if body, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, ".want") {
			f.Add(filepath.Ext(file), body)
		}
	}
	for name, page := range hostilePages {
		f.Add(filepath.Ext(name), []byte(page(400)))
	}
	f.Fuzz(func(t *testing.T, ext string, body []byte) {
		doc, err := policy.Read(policy.Input{URL: "file" + ext, Body: body})
		if err != nil {
			return
		}
		for _, d := range doc.Declarations {
			if d.Name == "" || len(d.Source.Quote) > 500 || !utf8.ValidString(d.Source.Quote) || !utf8.ValidString(d.Name) {
				t.Errorf("declaration %+v", d)
			}
			if d.Pattern != strings.Contains(d.Name, "*") || d.Category == "" || d.Storage == "" {
				t.Errorf("declaration %+v", d)
			}
		}
		for _, c := range doc.Claims {
			if c.Quote == "" || !utf8.ValidString(c.Quote) {
				t.Errorf("claim %+v", c)
			}
		}
	})
}
