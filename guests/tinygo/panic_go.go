//go:build wasm && !tinygo

package ottavo

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"

	witLog "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_log"
	"ottavo.dev/ottavo/internal/pairs"
	witRuntime "ottavo.dev/ottavo/internal/wit/runtime"
)

// reportPanic, deferred by every export, ends the instance after it has told the host about a panic:
// its text and its place. A panic of another goroutine is none of an export: the runtime writes it to
// standard error.
func reportPanic() {
	cause := recover()
	if cause == nil {
		return
	}
	frames := panicking()
	fields := []pairs.Tuple{{F0: "panic", F1: fmt.Sprint(cause)}}
	if len(frames) > 0 {
		fields = append(fields,
			pairs.Tuple{F0: "location", F1: place(frames[0])},
			pairs.Tuple{F0: "stack", F1: stack(frames)})
	}
	witLog.Emit(witLog.LevelError, "the function panicked", fields)
	witRuntime.Abort()
}

// panicking is the frames of the function from where the panic began, innermost first.
func panicking() []runtime.Frame {
	var counters [64]uintptr
	all := runtime.CallersFrames(counters[:runtime.Callers(1, counters[:])])
	var frames []runtime.Frame
	for began := false; ; {
		frame, more := all.Next()
		ofRuntime := strings.HasPrefix(frame.Function, "runtime.") ||
			strings.HasPrefix(frame.Function, "internal/runtime/")
		switch {
		case frame.Function == "runtime.gopanic":
			// a panic within a deferred call: the newest is what ended the function
			began = true
		case frame.Function == "ottavo.dev/ottavo.handle" || frame.Function == "ottavo.dev/ottavo.receiveRaw" || !more:
			return frames
		case began && !ofRuntime:
			frames = append(frames, frame)
		}
	}
}

func place(frame runtime.Frame) string { return frame.File + ":" + strconv.Itoa(frame.Line) }

func stack(frames []runtime.Frame) string {
	var text strings.Builder
	for _, frame := range frames {
		text.WriteString(frame.Function + "\n\t" + place(frame) + "\n")
	}
	return text.String()
}
