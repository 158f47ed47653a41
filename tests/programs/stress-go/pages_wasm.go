//go:build wasm && !tinygo

package main

import _ "unsafe" // for go:linkname

//go:linkname memoryPages runtime.currentMemory
func memoryPages() int32
