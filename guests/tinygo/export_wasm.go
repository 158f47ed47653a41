package ottavo

import (
	"time"

	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_event_handler"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_types"
	_ "ottavo.dev/ottavo/internal/bindings/wit_exports" // what the host calls
	eventExports "ottavo.dev/ottavo/internal/exports/export_ottavo_runtime_event_handler"
	exports "ottavo.dev/ottavo/internal/exports/export_ottavo_runtime_http_handler"
	"ottavo.dev/ottavo/internal/pairs"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

func init() {
	exports.Handle = handle
	eventExports.Receive = receiveRaw
}

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
		return witTypes.Err[ottavo_runtime_http.Response](rawError(failed))
	}
	return witTypes.Ok[ottavo_runtime_http.Response, ottavo_runtime_types.Error](
		ottavo_runtime_http.Response{
			Status:  uint16(w.Code),
			Headers: pairs.Lower(w.header.lines),
			Body:    w.Body,
		})
}

// receiveRaw is between the host's call and the handler of events.
func receiveRaw(event ottavo_runtime_event_handler.Event) eventExports.Result {
	defer reportPanic()
	subject, _ := event.Subject.Get()
	due, _ := event.Time.Get()
	out := receive(&Event{
		ID:          event.Id,
		Source:      event.Source,
		Type:        event.Type,
		Subject:     subject,
		Time:        due,
		ContentType: event.ContentType,
		Trigger:     event.Trigger,
		Origin:      event.Origin,
		Topic:       event.Topic,
		Data:        event.Data,
		Attempt:     int(event.Attempt),
		attributes:  pairs.Lift[Pair](event.Attributes),
	})
	if out.failed != nil {
		return witTypes.Err[ottavo_runtime_event_handler.Outcome](rawError(out.failed))
	}
	raw := ottavo_runtime_event_handler.MakeOutcomeSuccess()
	if out.drop != nil {
		raw = ottavo_runtime_event_handler.MakeOutcomeDrop(out.drop.reason)
	} else if out.retry != nil {
		wait := uint64(max(out.retry.after, 0) / time.Millisecond)
		raw = ottavo_runtime_event_handler.MakeOutcomeRetry(witTypes.Some(wait))
	}
	return witTypes.Ok[ottavo_runtime_event_handler.Outcome, ottavo_runtime_types.Error](raw)
}

func rawError(failed *Error) ottavo_runtime_types.Error {
	return ottavo_runtime_types.Error{
		Kind:      uint8(failed.Kind),
		Message:   failed.Message,
		Retryable: failed.Retryable,
		Details:   pairs.Lower(failed.Details),
	}
}
