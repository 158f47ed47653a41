package log

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_log"
	"ottavo.dev/ottavo/internal/pairs"
)

func emit(level Level, message string, fields []Field) {
	wit.Emit(wit.Level(level), message, pairs.Lower(fields))
}
