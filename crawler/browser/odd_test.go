package browser_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
)

// oddHosts write cookies as the standards hardly foresee.
func oddHosts() map[string]http.Handler {
	return map[string]http.Handler{
		"www.odd.test": document(`<script>document.cookie="bad=a\nb";document.cookie="wide=1; Domain=test";document.cookie="never=; Max-Age=0";
document.cookie="both=host; Max-Age=100";document.cookie="both=wide; Domain=www.odd.test; Max-Age=200";document.cookie="both=host2; Max-Age=300";
cookieStore.set({name:"cs_date",value:"1",expires:new Date(Date.now()+86400000)});cookieStore.set({name:"cs_age",value:"1",maxAge:3600});
</script>`,
			"Set-Cookie", "grüße=größe; Max-Age=60", "Set-Cookie", "plus=1; Max-Age=+100", "Set-Cookie", "insecure_chips=1; Partitioned; Max-Age=5000"),
	}
}

func TestOddCookies(t *testing.T) {
	type fact struct {
		Writes, Requested int64
		Stored, HostOnly  bool
		Blocked           string
		Length            int
	}
	want := map[string]fact{
		"grüße":          {1, 60, true, true, "", len("größe")},
		"plus":           {1, 100, true, true, "", 1},
		"insecure_chips": {1, 5000, false, true, "InvalidPartitioned", 1},
		"bad":            {1, 0, false, true, "SyntaxError", 3},
		"wide":           {1, 0, false, false, "InvalidDomain", 1},
		"never":          {1, 0, false, true, "", 0},
		"cs_date":        {1, 86400, true, true, "", 1},
		"cs_age":         {1, 3600, true, true, "", 1},
	}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.odd.test/")
		got := map[string]fact{}
		for _, c := range r.Cookies {
			if c.Name == "both" {
				continue
			}
			f := fact{Writes: int64(len(c.Writes)), Stored: c.Stored, HostOnly: c.HostOnly, Blocked: strings.Join(c.Writes[0].Blocked, ","), Length: c.Value.Length}
			if c.Requested != nil {
				f.Requested = *c.Requested
			}
			if !c.Stored {
				f.Length = c.Writes[0].Value.Length
			}
			got[c.Name] = f
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("cookies (-want +got):\n%s", diff)
		}
	})
}

// A host-only cookie and one for the host and what lies below it are two cookies.
func TestHostOnlyCookieAndWideOneOfTheSameNameAreTwo(t *testing.T) {
	type fact struct {
		HostOnly     bool
		Writes       int
		Length       int
		Asked, Stays int64
	}
	want := []fact{{true, 2, 5, 300, 300}, {false, 1, 4, 200, 200}}
	each(t, func(t *testing.T, b *browser.Browser) {
		r, _ := tour(t, b, browser.VisitOptions{}, "https://www.odd.test/")
		var got []fact
		for _, c := range r.Cookies {
			if c.Name == "both" && c.Requested != nil && c.Kept != nil {
				got = append(got, fact{c.HostOnly, len(c.Writes), c.Value.Length, *c.Requested, *c.Kept})
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
