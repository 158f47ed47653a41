// Package httpclient sends requests to the outside, to hosts that the manifest's [needs] egress names.
//
//	answer, err := httpclient.Get("https://api.example.com/rates")
//	if err != nil {
//		return err
//	}
//	...
//	order := ottavo.NewOutgoing("POST", "https://api.example.com/orders", `{"book":1}`)
//	order.Header.Set("content-type", "application/json")
//	order.Timeout = 2 * time.Second
//	answer, err = httpclient.Send(order)
//
// Any status is an answer, a redirect too: none is followed. The kind of an error is ErrDenied without a
// grant for the host, or when its name leads to an address that the grant does not cover;
// ErrUnavailable, ErrTimeout, ErrTooLarge.
package httpclient

import "ottavo.dev/ottavo"

// An Outcome is the answer to one request of SendMany, or why there is none.
type Outcome struct {
	Response *ottavo.Response
	Err      error
}

// Get sends a GET.
func Get(url string) (*ottavo.Response, error) { return Send(&ottavo.Outgoing{URL: url}) }

// Send sends a request and waits for the whole answer.
func Send(request *ottavo.Outgoing) (*ottavo.Response, error) { return send(request) }

// SendMany sends up to 100 requests, some of them at the same time; the answers in the order asked.
func SendMany(requests ...*ottavo.Outgoing) []Outcome { return sendMany(requests) }
