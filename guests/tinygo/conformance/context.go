package main

import around "ottavo.dev/ottavo/call"

// callContext asks for one of the things that surround the call, and encodes the answer.
func callContext(operation string, d *decoder, e *encoder) {
	switch operation {
	case "request-id":
		if d.end() {
			e.string(around.RequestID())
		}
	case "remaining":
		if d.end() {
			e.s64(around.Remaining().Milliseconds())
		}
	case "caller":
		if d.end() {
			e.known(around.Caller())
		}
	case "remote":
		if d.end() {
			e.known(around.Remote())
		}
	case "get":
		if name := d.string(); d.end() {
			e.known(around.Get(name))
		}
	case "setting":
		if name := d.string(); d.end() {
			e.known(around.Setting(name))
		}
	default:
		d.unknown("context." + operation)
	}
}

func (e *encoder) known(value string, known bool) {
	e.bool(known)
	if known {
		e.string(value)
	}
}
