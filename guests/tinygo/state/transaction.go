package state

type operation uint8

const (
	operationUpsert operation = iota
	operationRemove
	operationCheck
	operationIncrement
)

// A Step is one of those that Transact does together.
type Step struct {
	operation operation
	entry     Entry
	removal   Removal
	key       string
	delta     int64
}

// Upsert writes a key.
func Upsert(key string, data []byte, how ...EntryOption) Step {
	return Step{operation: operationUpsert, entry: NewEntry(key, data, how...)}
}

// Remove removes a key.
func Remove(key string, when ...Precondition) Step {
	return Step{operation: operationRemove, removal: NewRemoval(key, when...)}
}

// Check writes nothing, and fails the whole unless the precondition holds.
func Check(key string, when Precondition) Step {
	return Step{operation: operationCheck, removal: NewRemoval(key, when)}
}

// Add adds to a decimal integer, like Increment.
func Add(key string, delta int64) Step {
	return Step{operation: operationIncrement, key: key, delta: delta}
}

// Do makes the step through whichever of these it is; what it returns is the step's own.
func (s Step) Do(
	upsert func(Entry) (etag string, err error),
	remove, check func(Removal) error,
	add func(key string, delta int64) error,
) (etag string, err error) {
	switch s.operation {
	case operationUpsert:
		return upsert(s.entry)
	case operationRemove:
		return "", remove(s.removal)
	case operationCheck:
		return "", check(s.removal)
	}
	return "", add(s.key, s.delta)
}
