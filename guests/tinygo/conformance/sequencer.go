package main

import "ottavo.dev/ottavo/sequencer"

// callSequencer reads the parameters of an operation on ids, makes the call, and encodes its outcome.
func callSequencer(operation string, d *decoder, e *encoder) {
	store, key := sequencer.Open(d.string()), d.string()
	order := sequencer.Order(d.index("order", 2))
	switch operation {
	case "next":
		if d.end() {
			id, err := store.Next(key, order)
			e.result(err, func() { e.u64(id) })
		}
	case "next-range":
		size := d.u32()
		if d.end() {
			ids, err := store.NextRange(key, order, int(size))
			e.result(err, func() {
				e.u64(ids.First)
				e.u64(ids.Last)
			})
		}
	default:
		d.unknown("sequencer." + operation)
	}
}
