package binding

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_binding"
	"ottavo.dev/ottavo/internal/lift"
	"ottavo.dev/ottavo/internal/pairs"
)

func invoke(binding, operation string, data []byte, metadata []Pair) (Answer, error) {
	answer, err := lift.Outcome(wit.Invoke(binding, operation, data, pairs.Lower(metadata)))
	if err != nil {
		return Answer{}, err
	}
	return Answer{answer.Data, pairs.Lift[Pair](answer.Metadata)}, nil
}
