package ottavo

import (
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_types"
	_ "ottavo.dev/ottavo/internal/bindings/wit_exports" // what the host calls
	exports "ottavo.dev/ottavo/internal/exports/export_ottavo_runtime_http_handler"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

func init() { exports.Handle = handle }

// handle is between the host's call and the handler.
func handle(request ottavo_runtime_http.Request) exports.Result {
	defer reportPanic()
	query, _ := request.Query.Get()
	w, failed := answer(&Request{
		Method:   request.Method,
		Path:     request.Path,
		RawQuery: query,
		Header:   Header{lifted(request.Headers)},
		Body:     request.Body,
		params:   lifted(request.Params),
	})
	if failed != nil {
		return witTypes.Err[ottavo_runtime_http.Response](ottavo_runtime_types.Error{
			Kind:      uint8(failed.Kind),
			Message:   failed.Message,
			Retryable: failed.Retryable,
			Details:   lowered(failed.Details),
		})
	}
	return witTypes.Ok[ottavo_runtime_http.Response, ottavo_runtime_types.Error](
		ottavo_runtime_http.Response{
			Status:  uint16(w.Code),
			Headers: lowered(w.header.lines),
			Body:    w.Body,
		})
}

func lifted(from []witTypes.Tuple2[string, string]) []Pair {
	to := make([]Pair, len(from))
	for i, pair := range from {
		to[i] = Pair{pair.F0, pair.F1}
	}
	return to
}

func lowered(from []Pair) []witTypes.Tuple2[string, string] {
	to := make([]witTypes.Tuple2[string, string], len(from))
	for i, pair := range from {
		to[i] = witTypes.Tuple2[string, string]{F0: pair.Name, F1: pair.Value}
	}
	return to
}
