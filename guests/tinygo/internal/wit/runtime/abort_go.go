//go:build wasm && !tinygo

package runtime

import _ "unsafe" // for go:linkname

// Abort traps, which ends the instance: an exit would be a code without a meaning.
//
//go:linkname Abort runtime.abort
func Abort()
