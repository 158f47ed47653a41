// Package invoke calls other functions and outside apps by name, within the manifest's [needs] invoke.
//
//	price, err := invoke.Call("pricing", &ottavo.Outgoing{URL: "/books/1"})
//	if err != nil {
//		return err
//	}
//	charge := ottavo.NewOutgoing("POST", "/charges", string(price.Body))
//	for _, outcome := range invoke.CallMany(
//		invoke.To("app:billing", charge),
//		invoke.To("fn:audit", charge),
//	) {
//		...
//	}
//
// A function is called within the host, without a socket. Deadline, request id and trace go along; the
// callee finds the caller's name in call.Caller. A target is a name, or fn:name for a function, or
// app:id for an app of the host's configuration; without either, a function comes first.
//
// Any status is an answer. The kind of an error is ErrDenied without a grant, ErrNotFound,
// ErrFailedPrecondition with the detail depth when too many calls are within each other, or what the
// function returned, with the detail function.
package invoke

import "ottavo.dev/ottavo"

// A Planned is one call of CallMany.
type Planned struct {
	Target  string
	Request *ottavo.Outgoing
}

// To plans a call.
func To(target string, request *ottavo.Outgoing) Planned { return Planned{target, request} }

// An Outcome is the answer to one call of CallMany, or why there is none.
type Outcome struct {
	Response *ottavo.Response
	Err      error
}

// Call calls a function or an app; the request's URL is a path with its query.
func Call(target string, request *ottavo.Outgoing) (*ottavo.Response, error) {
	return call(target, request)
}

// CallMany makes up to 100 calls, some of them at the same time; the answers in the order asked.
func CallMany(calls ...Planned) []Outcome { return callMany(calls) }
