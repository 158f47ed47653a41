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

// Caller is who calls, when authenticated: an app id or a function's name.
func Caller() (name string, known bool) { return caller() }

// Remote is the client's address, after trusted proxies.
func Remote() (address string, known bool) { return remote() }

// Get is a fact by name: function, version, route, scheme, traceparent, ...
func Get(name string) (value string, known bool) { return get(name) }

// Setting is a setting of the function: [env] of its manifest, as overridden at deploy.
func Setting(name string) (value string, known bool) { return setting(name) }
