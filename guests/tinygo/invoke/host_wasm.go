package invoke

import (
	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http_client"
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_invoke"
	"ottavo.dev/ottavo/internal/outgoing"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

type planned = witTypes.Tuple2[string, ottavo_runtime_http_client.Outgoing]

func call(target string, request *ottavo.Outgoing) (*ottavo.Response, error) {
	return outgoing.Lift(wit.Call(target, outgoing.Lower(request)))
}

func callMany(calls []Planned) []Outcome {
	lowered := make([]planned, len(calls))
	for i, call := range calls {
		lowered[i] = planned{F0: call.Target, F1: outgoing.Lower(call.Request)}
	}
	raw := wit.CallMany(lowered)
	outcomes := make([]Outcome, len(raw))
	for i, outcome := range raw {
		outcomes[i].Response, outcomes[i].Err = outgoing.Lift(outcome)
	}
	return outcomes
}
