package ottavo

import (
	"slices"
	"testing"
)

func TestAQueryIsSplitAndDecoded(t *testing.T) {
	for raw, pairs := range map[string][]Pair{
		"":                          nil,
		"a=1&b=2&a=3":               {{"a", "1"}, {"b", "2"}, {"a", "3"}},
		"&&a&=b&c=":                 {{"a", ""}, {"", "b"}, {"c", ""}},
		"a=b=c":                     {{"a", "b=c"}},
		"caf%C3%A9=%E2%82%ac+1%2B1": {{"café", "€ 1+1"}},
		"a=%&b=%4&c=%zz&d=100%25%2": {{"a", "%"}, {"b", "%4"}, {"c", "%zz"}, {"d", "100%%2"}},
		"a=%ff":                     {{"a", "\ufffd"}},
		"a=%é9":                     {{"a", "%é9"}},
		"a=%+1":                     {{"a", "% 1"}},
	} {
		var got []Pair
		for name, value := range parseQuery(raw).All() {
			got = append(got, Pair{name, value})
		}
		if !slices.Equal(got, pairs) {
			t.Errorf("%q: %q", raw, got)
		}
	}
}

func TestARequestHasItsParts(t *testing.T) {
	r := NewRequest("PUT", "/a%20b/c?x=%2F&x=2", "7")
	r.SetPathValue("name", "c")
	r.SetPathValue("name", "c d")
	if r.Path != "/a%20b/c" || r.RawQuery != "x=%2F&x=2" || r.PathValue("name") != "c d" {
		t.Errorf("%+v", r)
	}
	query := r.Query()
	if query.Get("x") != "/" || query.Get("y") != "" || query.Has("y") || !query.Has("x") {
		t.Errorf("%+v", query)
	}
	if text, err := r.Text(); text != "7" || err != nil {
		t.Error(text, err)
	}
	if _, err := NewRequest("PUT", "/", "\xff").Text(); answerable(err).Kind != ErrInvalidArgument {
		t.Error(err)
	}
}
