// Package sequencer hands out ids that are unique for ever, and grow, in named stores.
//
//	ids := sequencer.Open("default")
//	// greater than any before it, by any host
//	invoice, err := ids.Next("invoice", sequencer.Strong)
//	// fast: the host takes blocks ahead, and skips what is left of one
//	event, err := ids.Next("event", sequencer.Weak)
//	lines, err := ids.NextRange("line", sequencer.Strong, 10)
//	for line := lines.First; line <= lines.Last; line++ {
//		...
//	}
package sequencer

// A Store is one named store of ids. The manifest's [needs] must name it.
type Store struct{ name string }

// Open gives the store of this name. It costs nothing and cannot fail.
func Open(name string) Store { return Store{name} }

// An Order says how the ids of a key follow each other.
type Order uint8

const (
	// Weak: they grow in general, and may skip. Fast.
	Weak Order = iota
	// Strong: each is greater than any id of the key handed out before, by any host.
	Strong
)

// A Range is a block of ids, Last included.
type Range struct{ First, Last uint64 }

// Next is the next id of a key, from 1 to 2^53 - 1. The error is ottavo.ErrExhausted when none is left.
func (s Store) Next(key string, order Order) (uint64, error) { return next(s.name, key, order) }

// NextRange is the next ids of a key, one after the other; size is from 1 to 1,000,000.
func (s Store) NextRange(key string, order Order, size int) (Range, error) {
	return nextRange(s.name, key, order, uint32(max(0, min(size, 1<<31-1))))
}
