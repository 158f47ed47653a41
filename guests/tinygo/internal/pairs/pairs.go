//go:build wasm

// Package pairs converts the pairs of names and values between the SDK's types and those of the
// bindings.
package pairs

import witTypes "ottavo.dev/ottavo/internal/wit/types"

type pair = struct{ Name, Value string }

// A Tuple is a pair in the bindings.
type Tuple = witTypes.Tuple2[string, string]

// Lift converts what came from the host.
func Lift[P ~pair](from []Tuple) []P {
	if len(from) == 0 {
		return nil
	}
	to := make([]P, len(from))
	for i, tuple := range from {
		to[i] = P{Name: tuple.F0, Value: tuple.F1}
	}
	return to
}

// Lower converts what goes to the host.
func Lower[P ~pair](from []P) []Tuple {
	if len(from) == 0 {
		return nil
	}
	to := make([]Tuple, len(from))
	for i, p := range from {
		to[i] = Tuple{F0: pair(p).Name, F1: pair(p).Value}
	}
	return to
}
