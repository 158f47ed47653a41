package ottavo

import (
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_types"
	_ "ottavo.dev/ottavo/internal/bindings/wit_exports" // what the host calls
	exports "ottavo.dev/ottavo/internal/exports/export_ottavo_runtime_http_handler"
	"ottavo.dev/ottavo/internal/pairs"
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
		Header:   Header{pairs.Lift[Pair](request.Headers)},
		Body:     request.Body,
		params:   pairs.Lift[Pair](request.Params),
	})
	if failed != nil {
		return witTypes.Err[ottavo_runtime_http.Response](ottavo_runtime_types.Error{
			Kind:      uint8(failed.Kind),
			Message:   failed.Message,
			Retryable: failed.Retryable,
			Details:   pairs.Lower(failed.Details),
		})
	}
	return witTypes.Ok[ottavo_runtime_http.Response, ottavo_runtime_types.Error](
		ottavo_runtime_http.Response{
			Status:  uint16(w.Code),
			Headers: pairs.Lower(w.header.lines),
			Body:    w.Body,
		})
}
