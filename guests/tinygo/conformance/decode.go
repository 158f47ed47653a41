package main

import (
	"encoding/binary"
	"unicode/utf8"

	"ottavo.dev/ottavo"
)

// A decoder reads the parameters of a call. After the first failure it reads zeroes: err tells, and
// nothing may be called.
type decoder struct {
	rest []byte
	err  error
}

// end says that the parameters are read, and whether the call can be made: nothing may follow them.
func (d *decoder) end() bool {
	if d.err == nil && len(d.rest) > 0 {
		d.malformed("%d bytes follow the parameters", len(d.rest))
	}
	return d.err == nil
}

func (d *decoder) take(count uint64) []byte {
	if d.err == nil && count > uint64(len(d.rest)) {
		d.malformed("it ends within a value")
	}
	if d.err != nil {
		return make([]byte, min(count, 8))
	}
	taken := d.rest[:count]
	d.rest = d.rest[count:]
	return taken
}

func (d *decoder) u8() uint8   { return d.take(1)[0] }
func (d *decoder) u32() uint32 { return binary.LittleEndian.Uint32(d.take(4)) }
func (d *decoder) u64() uint64 { return binary.LittleEndian.Uint64(d.take(8)) }
func (d *decoder) s64() int64  { return int64(d.u64()) }

func (d *decoder) bytes() []byte { return d.take(uint64(d.u32())) }

func (d *decoder) string() string {
	text := d.bytes()
	if !utf8.Valid(text) {
		d.malformed("text is not UTF-8")
	}
	return string(text)
}

// index is the case of something that has as many.
func (d *decoder) index(of string, cases uint8) uint8 {
	index := d.u8()
	if index >= cases {
		d.malformed("`%s` has no case %d", of, index)
		return 0
	}
	return index
}

// option is "" for none: no call of today distinguishes the two.
func (d *decoder) optionString() string {
	if d.index("option", 2) == 0 {
		return ""
	}
	return d.string()
}

// list reads items until one fails: a count too large ends with the body.
func list[T any](d *decoder, item func(*decoder) T) []T {
	var items []T
	for count := d.u32(); count > 0 && d.err == nil; count-- {
		items = append(items, item(d))
	}
	return items
}

func (d *decoder) unknown(operation string) {
	d.fail(ottavo.Errorf(ottavo.ErrInvalidArgument, "unknown operation `%s`", operation))
}

func (d *decoder) malformed(format string, args ...any) {
	d.fail(ottavo.Errorf(ottavo.ErrInvalidArgument, "the body is no encoded call: "+format, args...))
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}
