//go:build wasm && !tinygo

package runtime

import "unsafe"

var space = arena{grow: grow, holders: 1}

// started is set when the packages of the program are initialised. What is asked for before is the
// adapter's to WASI, for as long as the instance lives.
var started bool

func init() { started = true }

// sbrk takes memory where Go's heap takes it, too. Whoever grows memory in another way finds it
// overwritten: Go assumes that what it grew is its own. Needs -ldflags=-checklinkname=0.
//
//go:linkname sbrk runtime.sbrk
func sbrk(n uintptr) unsafe.Pointer

func grow(size uintptr) uintptr { return uintptr(sbrk(size)) }

//go:wasmexport cabi_realloc
func cabiRealloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	if old != nil || oldSize != 0 {
		panic("cabi_realloc: cannot resize") // no host asks for it: strings are UTF-8 on both sides
	}
	var p uintptr
	if started {
		p = space.alloc(size, align)
	} else if base := grow(size + align); base != 0 {
		p = aligned(base, align)
	}
	if p == 0 {
		panic("cabi_realloc: out of memory")
	}
	return unsafe.Pointer(p)
}
