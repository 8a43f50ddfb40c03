package crawler

import "testing"

func TestNameStem(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"_ga": "_ga", "_ga_X1Y2Z3": "_ga_", "_pk_id.7.9f2c": "_pk_id", "_hjSessionUser_3344551": "_hjSessionUser_",
		"a1": "a1", "PHPSESSID": "PHPSESSID", "uid_pub": "uid_pub", "AMP_0af3": "AMP_", "": "",
	} {
		if got := nameStem(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
