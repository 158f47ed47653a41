// Package call tells what surrounds this call.
//
//	greeting, found := call.Setting("GREETING")
//	log.Debug("greeting", "id", call.RequestID(), "left", call.Remaining())
package call

import "time"

// RequestID is the request's id, the same in the host's log and in error answers.
func RequestID() string { return requestID() }

// Remaining is the time left until the deadline.
func Remaining() time.Duration {
	const longest = 1<<63 - 1
	left := remaining()
	if left > longest/uint64(time.Millisecond) {
		return longest
	}
	return time.Duration(left) * time.Millisecond
}

// Caller is who calls by name, when known: a function's name or an app id. A request over HTTP has none.
func Caller() (name string, known bool) { return caller() }

// Remote is the address of the HTTP client; a call by name has none.
func Remote() (address string, known bool) { return remote() }

// Get is a fact by name: function, version, route, scheme (of the HTTP trigger), depth (how many calls
// by name this one is within), traceparent, tracestate, baggage.
func Get(name string) (value string, known bool) { return get(name) }

// Setting is a setting of the function: [env] of its manifest, as overridden at deploy.
func Setting(name string) (value string, known bool) { return setting(name) }
