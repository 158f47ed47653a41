package httpclient

import (
	"ottavo.dev/ottavo"
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_http_client"
	"ottavo.dev/ottavo/internal/outgoing"
)

func send(request *ottavo.Outgoing) (*ottavo.Response, error) {
	return outgoing.Lift(wit.Send(outgoing.Lower(request)))
}

func sendMany(requests []*ottavo.Outgoing) []Outcome {
	lowered := make([]wit.Outgoing, len(requests))
	for i, request := range requests {
		lowered[i] = outgoing.Lower(request)
	}
	raw := wit.SendMany(lowered)
	outcomes := make([]Outcome, len(raw))
	for i, outcome := range raw {
		outcomes[i].Response, outcomes[i].Err = outgoing.Lift(outcome)
	}
	return outcomes
}
