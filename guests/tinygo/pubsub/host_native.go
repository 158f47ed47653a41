//go:build !wasm

package pubsub

// A Host answers the calls of every store where there is no host: in tests on the machine's own
// target. Package ottavotest has one; a function has no use for it, and no target of WebAssembly has it.
type Host interface {
	Publish(store, topic string, message Message) (string, error)
	PublishMany(store, topic string, messages []Message) ([]Published, error)
}

// SetHost makes host answer, and returns the one that did before.
func SetHost(host Host) (before Host) {
	before, current = current, host
	return before
}

var current Host

func host() Host {
	if current == nil {
		panic("ottavo: an event was published where there is no host: a test begins with ottavotest.Topics(t)")
	}
	return current
}

func publish(store, topic string, message Message) (string, error) {
	return host().Publish(store, topic, message)
}

func publishMany(store, topic string, messages []Message) ([]Published, error) {
	return host().PublishMany(store, topic, messages)
}
