//go:build !tinygo

package runtime

// An arena is the memory that the host writes arguments and results to.
//
// It is no part of Go's heap: an allocation there may start a collection, which reads a clock, and a
// guest that calls an import while the host is about to write to it is ended. For the same reason
// nothing below allocates, or could let another goroutine run. A version on the heap passes a smoke
// test, and fails after some two thousand calls.
type arena struct {
	// grow gives so many bytes that nobody else uses, 0 when there are none.
	grow   func(size uintptr) uintptr
	chunks [24]chunk // each is at least twice the one before: more do not fit into a memory
	count  int       // of chunks
	open   int       // the chunk to take from
	// holders may still have to lift what the host wrote. The next call's arguments are the first of
	// them: other goroutines run while these are lifted, and leave imports of their own.
	holders int
}

type chunk struct{ base, size, used uintptr }

// alloc returns size bytes, 0 when there are none.
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
	base := a.grow(want)
	if base == 0 {
		return 0
	}
	a.chunks[a.count] = chunk{base: base, size: want}
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

// hold keeps what will be written until release.
func (a *arena) hold() { a.holders++ }

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
