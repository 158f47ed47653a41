//go:build !wasm

package httpclient

import "ottavo.dev/ottavo"

// A Host answers requests where there is no host: in tests on the machine's own target. Package
// ottavotest sets one; a function has no use for it, and no target of WebAssembly has it.
type Host func(request *ottavo.Outgoing) (*ottavo.Response, error)

// SetHost makes host answer, and returns the one that did before.
func SetHost(host Host) (before Host) {
	before, current = current, host
	return before
}

var current Host

func send(request *ottavo.Outgoing) (*ottavo.Response, error) {
	if current == nil {
		panic("ottavo: a request was sent where there is no host: a test begins with ottavotest.Outside(t, ...)")
	}
	return current(request)
}

func sendMany(requests []*ottavo.Outgoing) []Outcome {
	outcomes := make([]Outcome, len(requests))
	for i, request := range requests {
		outcomes[i].Response, outcomes[i].Err = send(request)
	}
	return outcomes
}
