//go:build wasm

// Package lift converts what the host's services return.
package lift

import (
	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_types"
	"ottavo.dev/ottavo/internal/pairs"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

// Outcome is the value or the error.
func Outcome[T any](result witTypes.Result[T, ottavo_runtime_types.Error]) (T, error) {
	if result.Tag() == witTypes.ResultOk {
		return result.Ok(), nil
	}
	failed := result.Err()
	var none T
	return none, &ottavo.Error{
		Kind:      ottavo.Kind(failed.Kind),
		Message:   failed.Message,
		Retryable: failed.Retryable,
		Details:   pairs.Lift[ottavo.Pair](failed.Details),
	}
}
