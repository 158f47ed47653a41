package ottavo

import (
	"iter"
	"strings"
)

// A Query is the pairs of a query string, decoded, in the order received.
type Query struct{ pairs []Pair }

// Get is the first value of a name, "" when there is none.
func (q Query) Get(name string) string {
	value, _ := find(q.pairs, name)
	return value
}

// Has says whether the name occurs.
func (q Query) Has(name string) bool {
	_, found := find(q.pairs, name)
	return found
}

// All is every pair in order.
func (q Query) All() iter.Seq2[string, string] { return each(q.pairs) }

func parseQuery(raw string) Query {
	var q Query
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			q.pairs = append(q.pairs, Pair{unescape(name), unescape(value)})
		}
	}
	return q
}

// unescape keeps a % that no two hexadecimal digits follow; what is not UTF-8 becomes U+FFFD.
func unescape(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return strings.ToValidUTF8(text, "\ufffd")
	}
	decoded := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case b == '+':
			b = ' '
		case b == '%' && i+2 < len(text) && digit(text[i+1]) >= 0 && digit(text[i+2]) >= 0:
			b = byte(digit(text[i+1])<<4 | digit(text[i+2]))
			i += 2
		}
		decoded = append(decoded, b)
	}
	return strings.ToValidUTF8(string(decoded), "\ufffd")
}

// digit is -1 for what is no hexadecimal digit.
func digit(b byte) int {
	switch {
	case '0' <= b && b <= '9':
		return int(b - '0')
	case 'a' <= b|0x20 && b|0x20 <= 'f':
		return int(b|0x20-'a') + 10
	}
	return -1
}
