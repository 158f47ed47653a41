package ottavo

import (
	"time"
	"unicode/utf8"
)

// An Outgoing is a request that a function sends: with package httpclient to a URL, with package
// invoke to a function or an app, and then its URL is a path with its query.
type Outgoing struct {
	// Method is GET when it is "".
	Method string
	URL    string
	Header Header
	Body   []byte
	// Timeout is how long to wait; 0 is until the function's own deadline, which always holds.
	Timeout time.Duration
}

// NewOutgoing makes a request with a body of text, which may be "".
func NewOutgoing(method, url, body string) *Outgoing {
	return &Outgoing{Method: method, URL: url, Body: []byte(body)}
}

// A Response is what came back. Any status is an answer: no error says that it is a good one.
type Response struct {
	StatusCode int
	Header     Header
	Body       []byte
}

// OK says whether the status is one of 200 to 299.
func (r *Response) OK() bool { return r.StatusCode >= 200 && r.StatusCode < 300 }

// Text is the body as text, or an error of kind ErrDataLoss when it is not UTF-8.
func (r *Response) Text() (string, error) {
	if !utf8.Valid(r.Body) {
		return "", &Error{Kind: ErrDataLoss, Message: "the answer is not text: it is not UTF-8"}
	}
	return string(r.Body), nil
}
