package state

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_state"
	"ottavo.dev/ottavo/internal/pairs"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

func lowerEntry(entry Entry) wit.Entry {
	return wit.Entry{
		Key:          entry.Key,
		Data:         entry.Data,
		Precondition: LowerPrecondition(entry.Precondition),
		Expiry:       lowerExpiry(entry.Expiry),
		Options:      pairs.Lower(entry.Options),
	}
}

func lowerRemoval(removal Removal) wit.Removal {
	return wit.Removal{Key: removal.Key, Precondition: LowerPrecondition(removal.Precondition)}
}

// LowerPrecondition is for the SDK's other packages: the bindings' form of a precondition.
func LowerPrecondition(p Precondition) wit.Precondition {
	switch {
	case p.absent:
		return wit.MakePreconditionAbsent()
	case p.match:
		return wit.MakePreconditionMatch(p.etag)
	}
	return wit.MakePreconditionAny()
}

func lowerExpiry(e Expiry) wit.Expiry {
	switch {
	case e.never:
		return wit.MakeExpiryNever()
	case e.after:
		return wit.MakeExpiryAfter(uint64(max(0, e.time.Milliseconds())))
	}
	return wit.MakeExpiryKeep()
}

func lowerStep(step Step) wit.Operation {
	switch step.operation {
	case operationUpsert:
		return wit.MakeOperationUpsert(lowerEntry(step.entry))
	case operationRemove:
		return wit.MakeOperationRemove(lowerRemoval(step.removal))
	case operationCheck:
		return wit.MakeOperationCheck(lowerRemoval(step.removal))
	}
	return wit.MakeOperationIncrement(witTypes.Tuple2[string, int64]{F0: step.key, F1: step.delta})
}
