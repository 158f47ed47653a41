//go:build !wasm

package invoke

import "ottavo.dev/ottavo"

// A Host answers calls where there is no host: in tests on the machine's own target. Package ottavotest
// sets one; a function has no use for it, and no target of WebAssembly has it.
type Host func(target string, request *ottavo.Outgoing) (*ottavo.Response, error)

// SetHost makes host answer, and returns the one that did before.
func SetHost(host Host) (before Host) {
	before, current = current, host
	return before
}

var current Host

func call(target string, request *ottavo.Outgoing) (*ottavo.Response, error) {
	if current == nil {
		panic("ottavo: a call was made where there is no host: a test begins with ottavotest.Targets(t, ...)")
	}
	return current(target, request)
}

func callMany(calls []Planned) []Outcome {
	outcomes := make([]Outcome, len(calls))
	for i, planned := range calls {
		outcomes[i].Response, outcomes[i].Err = call(planned.Target, planned.Request)
	}
	return outcomes
}
