package state

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_state"
	"ottavo.dev/ottavo/internal/lift"
	"ottavo.dev/ottavo/internal/pairs"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

func get(store, key string, options []Option) (Value, bool, error) {
	return lookup(lift.Outcome(wit.Get(store, key, pairs.Lower(options))))
}

func getMany(store string, keys []string, options []Option) ([]Lookup, error) {
	outcomes, err := lift.Outcome(wit.GetMany(store, keys, pairs.Lower(options)))
	if err != nil {
		return nil, err
	}
	lookups := make([]Lookup, len(outcomes))
	for i, outcome := range outcomes {
		value, found, err := lookup(lift.Outcome(outcome))
		lookups[i] = Lookup{value, found, err}
	}
	return lookups, nil
}

func set(store string, entry Entry) (string, error) {
	return lift.Outcome(wit.Set(store, lowerEntry(entry)))
}

func setMany(store string, entries []Entry) ([]Written, error) {
	lowered := make([]wit.Entry, len(entries))
	for i, entry := range entries {
		lowered[i] = lowerEntry(entry)
	}
	outcomes, err := lift.Outcome(wit.SetMany(store, lowered))
	if err != nil {
		return nil, err
	}
	written := make([]Written, len(outcomes))
	for i, outcome := range outcomes {
		etag, err := lift.Outcome(outcome)
		written[i] = Written{etag, err}
	}
	return written, nil
}

func remove(store string, removal Removal) error {
	_, err := lift.Outcome(wit.Delete(store, lowerRemoval(removal)))
	return err
}

func removeMany(store string, removals []Removal) ([]error, error) {
	lowered := make([]wit.Removal, len(removals))
	for i, removal := range removals {
		lowered[i] = lowerRemoval(removal)
	}
	outcomes, err := lift.Outcome(wit.DeleteMany(store, lowered))
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(outcomes))
	for i, outcome := range outcomes {
		_, errs[i] = lift.Outcome(outcome)
	}
	return errs, nil
}

func transact(store string, steps []Step) ([]string, error) {
	lowered := make([]wit.Operation, len(steps))
	for i, step := range steps {
		lowered[i] = lowerStep(step)
	}
	outcomes, err := lift.Outcome(wit.Transact(store, lowered))
	if err != nil {
		return nil, err
	}
	etags := make([]string, len(outcomes))
	for i, etag := range outcomes {
		etags[i], _ = etag.Get()
	}
	return etags, nil
}

func increment(store, key string, delta int64, initial Expiry) (int64, error) {
	return lift.Outcome(wit.Increment(store, key, delta, lowerExpiry(initial)))
}

func listKeys(store, prefix, cursor string, limit uint32) (KeyPage, error) {
	from := witTypes.None[string]()
	if cursor != "" {
		from = witTypes.Some(cursor)
	}
	page, err := lift.Outcome(wit.ListKeys(store, prefix, from, limit))
	next, _ := page.Next.Get()
	return KeyPage{page.Keys, next}, err
}

func lookup(found witTypes.Option[wit.Value], err error) (Value, bool, error) {
	value, some := found.Get()
	return Value{value.Data, value.Etag}, some, err
}
