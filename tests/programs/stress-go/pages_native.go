//go:build !wasm

package main

// memoryPages: there is no linear memory.
func memoryPages() int32 { return 0 }
