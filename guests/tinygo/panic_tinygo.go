//go:build wasm && tinygo

package ottavo

// reportPanic does nothing: TinyGo has no recover on WebAssembly. Its runtime writes the text of a panic
// to standard output before it ends the instance.
func reportPanic() {}
