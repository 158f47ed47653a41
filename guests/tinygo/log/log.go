// Package log writes structured logs, which the host keeps per function and request.
//
//	log.Info("inventory set", "book", name, "count", 100)
//
// After the message come names and values by turns, as in log/slog. What a function prints to standard
// output and standard error reaches the host's log as well, without level and fields.
package log

import (
	"fmt"
	"strconv"
)

// A Level says how much a line matters.
type Level uint8

// The levels.
const (
	// LevelTrace: every step.
	LevelTrace Level = iota
	// LevelDebug: for whoever looks for a fault.
	LevelDebug
	// LevelInfo: what happened.
	LevelInfo
	// LevelWarn: odd, but handled.
	LevelWarn
	// LevelError: somebody must look.
	LevelError
)

// Trace logs every step.
func Trace(message string, fields ...any) { Emit(LevelTrace, message, fields...) }

// Debug logs for whoever looks for a fault.
func Debug(message string, fields ...any) { Emit(LevelDebug, message, fields...) }

// Info logs what happened.
func Info(message string, fields ...any) { Emit(LevelInfo, message, fields...) }

// Warn logs what is odd, but handled.
func Warn(message string, fields ...any) { Emit(LevelWarn, message, fields...) }

// Error logs what somebody must look at.
func Error(message string, fields ...any) { Emit(LevelError, message, fields...) }

// Emit logs at any level. A value without a name, at the end, gets the name "!BADKEY", as in log/slog.
func Emit(level Level, message string, fields ...any) {
	pairs := make([]Field, 0, (len(fields)+1)/2)
	for len(fields) > 1 {
		pairs = append(pairs, Field{text(fields[0]), text(fields[1])})
		fields = fields[2:]
	}
	if len(fields) == 1 {
		pairs = append(pairs, Field{"!BADKEY", text(fields[0])})
	}
	emit(level, message, pairs)
}

// A Field is a name and a value.
type Field struct{ Name, Value string }

// text is what fmt.Sprint gives, without its cost for what is logged most.
func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []byte:
		return string(value)
	case int:
		return strconv.Itoa(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case uint64:
		return strconv.FormatUint(value, 10)
	case bool:
		return strconv.FormatBool(value)
	case error:
		return value.Error()
	case fmt.Stringer:
		return value.String()
	}
	return fmt.Sprint(value)
}
