//go:build wasm && !tinygo

package runtime

import (
	"runtime"
	"unsafe"
)

// A Pinner keeps what was lowered until Unpin.
type Pinner = runtime.Pinner

// Allocate returns size bytes for what is lowered, kept by pinner.
func Allocate(pinner *Pinner, size, align uintptr) unsafe.Pointer {
	if size == 0 {
		return nil
	}
	if align > 8 {
		panic("wit: alignment over 8")
	}
	// aligned to 8, and free of pointers: what is lowered is kept by the pinner, not from here
	p := unsafe.Pointer(unsafe.SliceData(make([]uint64, (size+7)/8)))
	pinner.Pin(p)
	return p
}

// String copies the n bytes at p.
func String(p *uint8, n uint32) string { return string(unsafe.Slice(p, n)) }

// Slice copies the n elements at p.
func Slice[T any](p *T, n uint32) []T { return append([]T(nil), unsafe.Slice(p, n)...) }

// Done is called after the last element of a list whose elements were lifted one by one.
func Done(unsafe.Pointer, uint32) {}

// Enter is called before an import is, Leave when its results are lifted.
func Enter() *Pinner {
	space.hold()
	return &Pinner{}
}

// Leave ends what Enter began.
func Leave(pinner *Pinner) {
	pinner.Unpin()
	space.release()
}

// Lifted is called by an export whose arguments are lifted.
func Lifted() { space.release() }

// Returned is called when the host has read the results of an export. From here on the space belongs
// to the next call's arguments, although the host has written none of them yet.
func Returned() { space.hold() }
