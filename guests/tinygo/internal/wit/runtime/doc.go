// Package runtime is the memory between the generated bindings and the host: what the canonical ABI
// asks of a guest, once for each compiler.
//
// What goes to the host stays where it is, in Go's memory, kept by a [Pinner] until the call ends.
// What comes from the host is written where cabi_realloc says, then lifted. In this time no import
// may be called, which is why the two compilers need two ways; each file says its own.
package runtime
