package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/browser"
)

// storage reads web storage: {"https://www.example.org": {"localStorage":
// {"key": "value"}, "sessionStorage": {}}}, or the "origins" of a storage state as
// test tools export it.
func (r *startReader) storage(name string) error {
	body, err := readSmallFile(name)
	if err != nil {
		return err
	}
	items, ok := exportedStorage(body)
	if !ok {
		if items, ok = plainStorage(body); !ok {
			return fmt.Errorf(`%s: write it like {"https://www.example.org": {"localStorage": {"key": "value"}, "sessionStorage": {}}}`, name)
		}
	}
	for _, it := range items {
		if it.Value, _, err = expand(it.Value, asItIs); err != nil {
			return fmt.Errorf("%s: %s: %w", name, it.Key, err)
		}
		it.Origin = strings.TrimSuffix(it.Origin, "/")
		r.Storage = append(r.Storage, it)
	}
	slices.SortFunc(r.Storage, func(a, b browser.StartItem) int {
		return strings.Compare(a.Origin+"\x00"+a.Key, b.Origin+"\x00"+b.Key)
	})
	return nil
}

func plainStorage(body []byte) (items []browser.StartItem, ok bool) {
	var all map[string]map[string]map[string]string
	if json.Unmarshal(body, &all) != nil {
		return nil, false
	}
	for origin, areas := range all {
		for area, entries := range areas {
			if area != "localStorage" && area != "sessionStorage" {
				return nil, false
			}
			for key, value := range entries {
				items = append(items, browser.StartItem{Origin: origin, Session: area == "sessionStorage", Key: key, Value: value})
			}
		}
	}
	return items, true
}

func exportedStorage(body []byte) (items []browser.StartItem, ok bool) {
	var state struct {
		Origins []struct {
			Origin       string `json:"origin"`
			LocalStorage []struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			} `json:"localStorage"`
		} `json:"origins"`
	}
	if json.Unmarshal(body, &state) != nil || state.Origins == nil {
		return nil, false
	}
	for _, o := range state.Origins {
		for _, e := range o.LocalStorage {
			items = append(items, browser.StartItem{Origin: o.Origin, Key: e.Name, Value: e.Value})
		}
	}
	return items, true
}
