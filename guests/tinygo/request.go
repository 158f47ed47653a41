package ottavo

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// A Request is an HTTP request with its whole body.
type Request struct {
	// Method as received: GET.
	Method string
	// Path is still percent-encoded, without the query.
	Path string
	// RawQuery is as received, without the question mark.
	RawQuery string
	Header   Header
	Body     []byte

	params []Pair
}

// NewRequest makes a request to test a handler with; target is a path with an optional query.
func NewRequest(method, target, body string) *Request {
	path, query, _ := strings.Cut(target, "?")
	return &Request{Method: method, Path: path, RawQuery: query, Body: []byte(body)}
}

// PathValue is what a ":name" of the route matched, decoded; "" when the route has no such name.
func (r *Request) PathValue(name string) string {
	value, _ := find(r.params, name)
	return value
}

// PathValues is everything that the route's ":name" segments matched, in order.
func (r *Request) PathValues() iter.Seq2[string, string] { return each(r.params) }

// SetPathValue sets what the route would have matched, for tests.
func (r *Request) SetPathValue(name, value string) {
	for i := range r.params {
		if r.params[i].Name == name {
			r.params[i].Value = value
			return
		}
	}
	r.params = append(r.params, Pair{name, value})
}

// Query parses the query. Who needs several values keeps what it returns.
func (r *Request) Query() Query { return parseQuery(r.RawQuery) }

// Text is the body as text, or an error of kind ErrInvalidArgument when it is not UTF-8.
func (r *Request) Text() (string, error) {
	if !utf8.Valid(r.Body) {
		return "", &Error{Kind: ErrInvalidArgument, Message: "reading the body as text: it is not UTF-8"}
	}
	return string(r.Body), nil
}
