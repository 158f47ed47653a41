//go:build tinygo

package main

// collections are not counted by TinyGo.
func collections() string { return "-" }

//export llvm.wasm.memory.size.i32
func memorySize(index int32) int32

func memoryPages() int32 { return memorySize(0) }
