//go:build !wasm

package ottavotest

import (
	"sync"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/sequencer"
)

// ids are those of a test, counted up one by one.
type ids struct {
	mutex sync.Mutex
	last  map[address]uint64
}

// Next is part of sequencer.Host.
func (i *ids) Next(store, key string, order sequencer.Order) (uint64, error) {
	block, err := i.NextRange(store, key, order, 1)
	return block.First, err
}

// NextRange is part of sequencer.Host.
func (i *ids) NextRange(store, key string, _ sequencer.Order, size uint32) (sequencer.Range, error) {
	if size < 1 || size > 1_000_000 {
		return sequencer.Range{}, ottavo.Errorf(ottavo.ErrInvalidArgument,
			"the size of a range is `%d`: use 1 to 1000000", size)
	}
	i.mutex.Lock()
	defer i.mutex.Unlock()
	at := address{store, key}
	first := i.last[at] + 1
	i.last[at] += uint64(size)
	return sequencer.Range{First: first, Last: i.last[at]}, nil
}
