package main

import (
	"encoding/binary"

	"ottavo.dev/ottavo"
)

// An encoder writes the outcome of a call.
type encoder struct{ bytes []byte }

func (e *encoder) u8(n uint8)      { e.bytes = append(e.bytes, n) }
func (e *encoder) count(n int)     { e.bytes = binary.LittleEndian.AppendUint32(e.bytes, uint32(n)) }
func (e *encoder) u64(n uint64)    { e.bytes = binary.LittleEndian.AppendUint64(e.bytes, n) }
func (e *encoder) s64(n int64)     { e.bytes = binary.LittleEndian.AppendUint64(e.bytes, uint64(n)) }
func (e *encoder) nothing()        {}
func (e *encoder) string(s string) { e.data([]byte(s)) }

func (e *encoder) bool(b bool) {
	if b {
		e.u8(1)
	} else {
		e.u8(0)
	}
}

func (e *encoder) data(data []byte) {
	e.count(len(data))
	e.bytes = append(e.bytes, data...)
}

// optionString is none for "": no etag or cursor is empty.
func (e *encoder) optionString(s string) {
	e.bool(s != "")
	if s != "" {
		e.string(s)
	}
}

// result is the error, or what value writes.
func (e *encoder) result(err error, value func()) {
	e.bool(err != nil)
	if err == nil {
		value()
		return
	}
	failed, is := ottavo.AsError(err)
	if !is {
		panic("the SDK returned an error of another type: " + err.Error())
	}
	e.u8(uint8(failed.Kind))
	e.string(failed.Message)
	e.bool(failed.Retryable)
	e.count(len(failed.Details))
	for _, detail := range failed.Details {
		e.string(detail.Name)
		e.string(detail.Value)
	}
}
