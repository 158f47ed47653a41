// Conformance makes one runtime API call per request, for the conformance suite.
//
// The request's body is an encoded call, the answer's body its encoded outcome. The encoding is
// described in tests/conformance/relay.md. Every call goes through the SDK's public functions.
package main

import (
	"strings"

	"ottavo.dev/ottavo"
)

func init() { ottavo.HandleHTTP(handle) }

// handle is the relay, or, called by name, the app that the cases of invoke call.
func handle(w ottavo.ResponseWriter, r *ottavo.Request) error {
	if strings.HasPrefix(r.Path, "/conformance/") {
		return relay(w, r)
	}
	return peer(w, r)
}

func relay(w ottavo.ResponseWriter, r *ottavo.Request) error {
	call := &decoder{rest: r.Body}
	operation := call.string()
	block, name, _ := strings.Cut(operation, ".")
	var outcome encoder
	switch {
	case call.err != nil:
	case block == "lock":
		callLock(name, call, &outcome)
	case block == "sequencer":
		callSequencer(name, call, &outcome)
	case block == "context":
		callContext(name, call, &outcome)
	case block == "http-client":
		callHTTPClient(name, call, &outcome)
	case block == "invoke":
		callInvoke(name, call, &outcome)
	case block == "pubsub":
		callPubSub(name, call, &outcome)
	case block == "binding":
		callBinding(name, call, &outcome)
	case block == "config":
		callConfig(name, call, &outcome)
	case block == "secret":
		callSecret(name, call, &outcome)
	case block == "file":
		callFile(name, call, &outcome)
	case block == "state":
		callState(name, call, &outcome)
	default:
		call.unknown(operation)
	}
	if call.err != nil {
		return call.err
	}
	w.Header().Set("content-type", "application/octet-stream")
	_, err := w.Write(outcome.bytes)
	return err
}

func main() {}
