//go:build wasm

// Package export_ottavo_runtime_http_handler is where the generated export calls the SDK.
package export_ottavo_runtime_http_handler

import (
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http_handler"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

// A Result is what the export returns.
type Result = witTypes.Result[ottavo_runtime_http_handler.Response, ottavo_runtime_http_handler.Error]

// Handle answers a request; the SDK sets it before the first call.
var Handle func(ottavo_runtime_http_handler.Request) Result
