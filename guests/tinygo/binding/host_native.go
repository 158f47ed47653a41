//go:build !wasm

package binding

// A Host answers the calls of every binding where there is no host: in tests on the machine's own
// target. A function has no use for it, and no target of WebAssembly has it.
type Host interface {
	Invoke(binding, operation string, data []byte, metadata []Pair) (Answer, error)
}

// SetHost makes host answer, and returns the one that did before.
func SetHost(host Host) (before Host) {
	before, current = current, host
	return before
}

var current Host

func host() Host {
	if current == nil {
		panic("ottavo: a binding was called where there is no host: a test begins with binding.SetHost")
	}
	return current
}

func invoke(binding, operation string, data []byte, metadata []Pair) (Answer, error) {
	return host().Invoke(binding, operation, data, metadata)
}
