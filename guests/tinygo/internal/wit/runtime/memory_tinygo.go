//go:build wasm && tinygo

package runtime

import "unsafe"

// A Pinner keeps what was lowered until Unpin. TinyGo's heap never moves anything.
type Pinner struct {
	refs []unsafe.Pointer
	few  [6]unsafe.Pointer // most calls lower no more: these cost no second allocation
}

// Pin keeps p.
func (pinner *Pinner) Pin(p unsafe.Pointer) {
	if pinner.refs == nil {
		pinner.refs = pinner.few[:0]
	}
	pinner.refs = append(pinner.refs, p)
}

// Unpin lets go of everything.
func (pinner *Pinner) Unpin() {
	pinner.few = [6]unsafe.Pointer{}
	pinner.refs = nil
}

// Allocate returns size bytes for what is lowered, kept by pinner.
func Allocate(pinner *Pinner, size, align uintptr) unsafe.Pointer {
	if size == 0 {
		return nil
	}
	p := unscanned(size)
	if past := uintptr(p) % align; past != 0 {
		// not of the heap: what a variable of a package begins with may be laid out by the compiler,
		// as the bytes that it is
		p = unscanned(size + align)
		p = unsafe.Add(p, (align-uintptr(p)%align)%align)
	}
	pinner.Pin(p)
	return p
}

// Enter is called before an import is, Leave when its results are lifted.
func Enter() *Pinner { return &Pinner{} }

// Leave ends what Enter began.
func Leave(pinner *Pinner) { pinner.Unpin() }

// Lifted is called by an export whose arguments are lifted.
func Lifted() {}

// Returned is called when the host has read the results of an export.
func Returned() {}

// unscanned is size bytes, aligned to 16, that the collector does not search for pointers.
func unscanned(size uintptr) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(make([]byte, size)))
}
