package main

import (
	"time"

	"ottavo.dev/ottavo/state"
)

// callState reads the parameters of an operation on state, makes the call, and encodes its outcome.
func callState(operation string, d *decoder, e *encoder) {
	call, known := stateCalls[operation]
	if !known {
		d.unknown("state." + operation)
		return
	}
	call(d, e, state.Open(d.string()))
}

var stateCalls = map[string]func(*decoder, *encoder, state.Store){
	"get": func(d *decoder, e *encoder, store state.Store) {
		key, options := d.string(), list(d, option)
		if d.end() {
			value, found, err := store.Get(key, options...)
			e.result(err, func() { e.value(value, found) })
		}
	},
	"get-many": func(d *decoder, e *encoder, store state.Store) {
		keys, options := list(d, (*decoder).string), list(d, option)
		if d.end() {
			lookups, err := store.GetMany(keys, options...)
			e.result(err, func() {
				e.count(len(lookups))
				for _, lookup := range lookups {
					e.result(lookup.Err, func() { e.value(lookup.Value, lookup.Found) })
				}
			})
		}
	},
	"set": func(d *decoder, e *encoder, store state.Store) {
		n := entry(d)
		if d.end() {
			etag, err := store.Set(n.key, n.data, n.how...)
			e.result(err, func() { e.string(etag) })
		}
	},
	"set-many": func(d *decoder, e *encoder, store state.Store) {
		entries := list(d, func(d *decoder) state.Entry {
			n := entry(d)
			return state.NewEntry(n.key, n.data, n.how...)
		})
		if d.end() {
			outcomes, err := store.SetMany(entries...)
			e.result(err, func() {
				e.count(len(outcomes))
				for _, outcome := range outcomes {
					e.result(outcome.Err, func() { e.string(outcome.Etag) })
				}
			})
		}
	},
	"delete": func(d *decoder, e *encoder, store state.Store) {
		n := removal(d)
		if d.end() {
			e.result(store.Delete(n.Key, n.Precondition), e.nothing)
		}
	},
	"delete-many": func(d *decoder, e *encoder, store state.Store) {
		removals := list(d, removal)
		if d.end() {
			errs, err := store.DeleteMany(removals...)
			e.result(err, func() {
				e.count(len(errs))
				for _, err := range errs {
					e.result(err, e.nothing)
				}
			})
		}
	},
	"transact": func(d *decoder, e *encoder, store state.Store) {
		steps := list(d, step)
		if d.end() {
			etags, err := store.Transact(steps...)
			e.result(err, func() {
				e.count(len(etags))
				for _, etag := range etags {
					e.optionString(etag)
				}
			})
		}
	},
	"increment": func(d *decoder, e *encoder, store state.Store) {
		key, delta, initial := d.string(), d.s64(), expiry(d)
		if d.end() {
			sum, err := store.Increment(key, delta, initial)
			e.result(err, func() { e.s64(sum) })
		}
	},
	"list-keys": func(d *decoder, e *encoder, store state.Store) {
		prefix, cursor, limit := d.string(), d.optionString(), d.u32()
		if d.end() {
			page, err := store.Page(prefix, cursor, int(limit))
			e.result(err, func() {
				e.count(len(page.Keys))
				for _, key := range page.Keys {
					e.string(key)
				}
				e.optionString(page.Next)
			})
		}
	},
}

func (e *encoder) value(value state.Value, found bool) {
	e.bool(found)
	if found {
		e.data(value.Data)
		e.string(value.Etag)
	}
}

func option(d *decoder) state.Option { return state.Option{Name: d.string(), Value: d.string()} }

// arguments are those of Set and Upsert.
type arguments struct {
	key  string
	data []byte
	how  []state.EntryOption
}

func entry(d *decoder) arguments {
	n := arguments{key: d.string(), data: d.bytes()}
	n.how = append(n.how, precondition(d), expiry(d))
	for _, option := range list(d, option) {
		n.how = append(n.how, option)
	}
	return n
}

func removal(d *decoder) state.Removal {
	return state.Removal{Key: d.string(), Precondition: precondition(d)}
}

func precondition(d *decoder) state.Precondition {
	switch d.index("precondition", 3) {
	case 1:
		return state.IfAbsent()
	case 2:
		return state.IfMatch(d.string())
	}
	return state.Precondition{}
}

func expiry(d *decoder) state.Expiry {
	switch d.index("expiry", 3) {
	case 1:
		return state.Never()
	case 2:
		const longest = uint64(1<<63-1) / uint64(time.Millisecond)
		return state.After(time.Duration(min(d.u64(), longest)) * time.Millisecond)
	}
	return state.Expiry{}
}

func step(d *decoder) state.Step {
	switch d.index("operation", 4) {
	case 1:
		n := removal(d)
		return state.Remove(n.Key, n.Precondition)
	case 2:
		n := removal(d)
		return state.Check(n.Key, n.Precondition)
	case 3:
		return state.Add(d.string(), d.s64())
	}
	n := entry(d)
	return state.Upsert(n.key, n.data, n.how...)
}
