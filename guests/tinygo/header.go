package ottavo

import (
	"iter"
	"strings"
)

// A Header is the header lines of a request or an answer, in order. Names are kept in lower case, and
// found in any. The zero Header is empty and ready to use.
type Header struct{ lines []Pair }

// Get is the first value of a name, "" when there is none.
func (h *Header) Get(name string) string {
	value, _ := find(h.lines, strings.ToLower(name))
	return value
}

// Values are all values of a name.
func (h *Header) Values(name string) []string {
	var values []string
	name = strings.ToLower(name)
	for _, line := range h.lines {
		if line.Name == name {
			values = append(values, line.Value)
		}
	}
	return values
}

// Set replaces every line of this name by one.
func (h *Header) Set(name, value string) {
	h.Del(name)
	h.Add(name, value)
}

// Add adds a line beside those of the same name, as Set-Cookie wants it.
func (h *Header) Add(name, value string) {
	h.lines = append(h.lines, Pair{strings.ToLower(name), value})
}

// Del removes every line of this name.
func (h *Header) Del(name string) {
	name = strings.ToLower(name)
	kept := h.lines[:0]
	for _, line := range h.lines {
		if line.Name != name {
			kept = append(kept, line)
		}
	}
	h.lines = kept
}

// All is every line in order.
func (h *Header) All() iter.Seq2[string, string] { return each(h.lines) }

func each(pairs []Pair) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, pair := range pairs {
			if !yield(pair.Name, pair.Value) {
				return
			}
		}
	}
}
