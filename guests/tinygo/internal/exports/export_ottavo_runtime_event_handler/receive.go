//go:build wasm

// Package export_ottavo_runtime_event_handler is where the generated export calls the SDK.
package export_ottavo_runtime_event_handler

import (
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_event_handler"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

// A Result is what the export returns.
type Result = witTypes.Result[ottavo_runtime_event_handler.Outcome, ottavo_runtime_event_handler.Error]

// Receive handles an event; the SDK sets it before the first call.
var Receive func(ottavo_runtime_event_handler.Event) Result
