package main

import "testing"

func TestPrivateHosts(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"www.example.org": false, "93.184.216.34": false, "127.0.0.1": true, "[::1]": true, "::1": true, "10.0.0.8": true,
		"localhost": true, "LOCALHOST.": true, "db.localhost": true, "localhost.example.org": false,
	} {
		if got := private(host); got != want {
			t.Errorf("private(%q) = %t", host, got)
		}
	}
}
