//go:build !wasm

package log

import (
	"fmt"
	"os"
	"strings"
)

// emit writes to standard error where there is no host: in tests on the machine's own target.
func emit(level Level, message string, fields []Field) {
	var line strings.Builder
	fmt.Fprintf(&line, "%s %s", [...]string{"TRACE", "DEBUG", "INFO", "WARN", "ERROR"}[level], message)
	for _, field := range fields {
		fmt.Fprintf(&line, " %s=%q", field.Name, field.Value)
	}
	fmt.Fprintln(os.Stderr, line.String())
}
