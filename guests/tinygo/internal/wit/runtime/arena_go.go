//go:build wasm && !tinygo

package runtime

import "unsafe"

// An arena is the memory that the host writes arguments and results to.
//
// It is no part of Go's heap: an allocation there may start a collection, which reads a clock, and a
// guest that calls an import while the host is about to write to it is ended. For the same reason
// nothing below allocates, or could let another goroutine run. A version on the heap passes a smoke
// test, and fails after some two thousand calls.
type arena struct {
	chunks [24]chunk // each is at least twice the one before: more do not fit into a memory
	count  int       // of chunks
	open   int       // the chunk to take from
	// holders may still have to lift what the host wrote. The next call's arguments are the first of
	// them: other goroutines run while these are lifted, and leave imports of their own.
	holders int
}

type chunk struct{ base, size, used uintptr }

var space = arena{holders: 1}

// started is set when the packages of the program are initialised. What is asked for before is the
// adapter's to WASI, for as long as the instance lives.
var started bool

func init() { started = true }

// sbrk takes memory where Go's heap takes it, too. Whoever grows memory in another way finds it
// overwritten: Go assumes that what it grew is its own. Needs -ldflags=-checklinkname=0.
//
//go:linkname sbrk runtime.sbrk
func sbrk(n uintptr) unsafe.Pointer

//go:wasmexport cabi_realloc
func cabiRealloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	if old != nil || oldSize != 0 {
		panic("cabi_realloc: cannot resize") // no host asks for it: strings are UTF-8 on both sides
	}
	if !started {
		return unsafe.Pointer(aligned(take(size+align), align))
	}
	return unsafe.Pointer(space.alloc(size, align))
}

func (a *arena) alloc(size, align uintptr) uintptr {
	for ; a.open < a.count; a.open++ {
		if p := a.chunks[a.open].alloc(size, align); p != 0 {
			return p
		}
	}
	want := uintptr(64 << 10)
	if a.count > 0 {
		want = 2 * a.chunks[a.count-1].size
	}
	if want < size+align {
		want = (size + align + 0xffff) &^ 0xffff
	}
	a.chunks[a.count] = chunk{base: take(want), size: want}
	a.count++
	return a.chunks[a.open].alloc(size, align)
}

// alloc returns 0 when the rest is too small.
func (c *chunk) alloc(size, align uintptr) uintptr {
	p := aligned(c.base+c.used, align)
	if p-c.base+size > c.size {
		return 0
	}
	c.used = p - c.base + size
	return p
}

// release makes the space free when nobody holds it.
func (a *arena) release() {
	if a.holders--; a.holders > 0 {
		return
	}
	for i := range a.chunks[:a.count] {
		a.chunks[i].used = 0
	}
	a.open = 0
}

func aligned(p, align uintptr) uintptr { return (p + align - 1) &^ (align - 1) }

func take(size uintptr) uintptr {
	p := sbrk(size)
	if p == nil {
		panic("cabi_realloc: out of memory")
	}
	return uintptr(p)
}
