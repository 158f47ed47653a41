//go:build wasm

// Package outgoing converts requests that functions send, and their answers.
package outgoing

import (
	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http_client"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_types"
	"ottavo.dev/ottavo/internal/lift"
	"ottavo.dev/ottavo/internal/pairs"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

// Lower converts what goes to the host.
func Lower(r *ottavo.Outgoing) ottavo_runtime_http_client.Outgoing {
	method := r.Method
	if method == "" {
		method = "GET"
	}
	var headers []pairs.Tuple
	for name, value := range r.Header.All() {
		headers = append(headers, pairs.Tuple{F0: name, F1: value})
	}
	timeout := witTypes.None[uint64]()
	if r.Timeout > 0 {
		timeout = witTypes.Some(uint64(max(1, r.Timeout.Milliseconds())))
	}
	return ottavo_runtime_http_client.Outgoing{
		Method: method, Url: r.URL, Headers: headers, Body: r.Body, Timeout: timeout,
	}
}

// Lift converts what came from the host.
func Lift(
	outcome witTypes.Result[ottavo_runtime_http.Response, ottavo_runtime_types.Error],
) (*ottavo.Response, error) {
	raw, err := lift.Outcome(outcome)
	if err != nil {
		return nil, err
	}
	response := &ottavo.Response{StatusCode: int(raw.Status), Body: raw.Body}
	for _, header := range raw.Headers {
		response.Header.Add(header.F0, header.F1)
	}
	return response, nil
}
