//go:build wasm && tinygo

package runtime

import "unsafe"

// What the host writes goes to TinyGo's heap: neither an allocation nor a collection there calls an
// import. A block is live until it is lifted, which takes it over without a copy. What is never lifted,
// the state and the stack of the adapter to WASI, stays for the life of the instance.

// head is before each block: its place in live.
const head = 16

var (
	live []unsafe.Pointer
	free []uint32 // places in live
)

// It is exported in TinyGo's older way: a go:wasmexport is a goroutine, which may not start before the
// program has, and costs a stack in each call.
//
//export cabi_realloc
func cabiRealloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(align)
	}
	block := unscanned(head + size)
	place := uint32(len(live))
	if n := len(free); n > 0 {
		place, free = free[n-1], free[:n-1]
		live[place] = block
	} else {
		live = append(live, block)
	}
	*(*uint32)(block) = place
	p := unsafe.Add(block, head)
	if oldSize != 0 {
		copy(unsafe.Slice((*byte)(p), size), unsafe.Slice((*byte)(old), oldSize))
		release(old)
	}
	return p
}

// release takes the block of p out of live; who still points to it keeps it.
func release(p unsafe.Pointer) {
	block := unsafe.Add(p, -head)
	place := *(*uint32)(block)
	if live[place] != block {
		panic("wit: a block was lifted twice")
	}
	live[place] = nil
	free = append(free, place)
}

// String takes over the n bytes at p.
func String(p *uint8, n uint32) string {
	if n == 0 {
		return ""
	}
	release(unsafe.Pointer(p))
	return unsafe.String(p, n)
}

// Slice takes over the n elements at p.
func Slice[T any](p *T, n uint32) []T {
	if n == 0 {
		return nil
	}
	release(unsafe.Pointer(p))
	return unsafe.Slice(p, n)
}

// Done gives up a list of n elements whose elements were lifted one by one.
func Done(p unsafe.Pointer, n uint32) {
	if n != 0 {
		release(p)
	}
}
