package sequencer

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_sequencer"
	"ottavo.dev/ottavo/internal/lift"
)

func next(store, key string, order Order) (uint64, error) {
	return lift.Outcome(wit.Next(store, key, wit.Order(order)))
}

func nextRange(store, key string, order Order, size uint32) (Range, error) {
	ids, err := lift.Outcome(wit.NextRange(store, key, wit.Order(order), size))
	return Range{ids.First, ids.Last}, err
}
