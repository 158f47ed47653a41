package main

import (
	"encoding/binary"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/httpclient"
	"ottavo.dev/ottavo/invoke"
)

// callInvoke reads the parameters of an operation of invoke, makes the call, and encodes its outcome.
func callInvoke(operation string, d *decoder, e *encoder) {
	switch operation {
	case "call":
		target, request := d.string(), outgoing(d)
		if d.end() {
			e.answer(invoke.Call(target, request))
		}
	case "call-many":
		calls := list(d, func(d *decoder) invoke.Planned { return invoke.To(d.string(), outgoing(d)) })
		if d.end() {
			outcomes := invoke.CallMany(calls...)
			e.count(len(outcomes))
			for _, outcome := range outcomes {
				e.answer(outcome.Response, outcome.Err)
			}
		}
	default:
		d.unknown("invoke." + operation)
	}
}

// callHTTPClient is the same for http-client.
func callHTTPClient(operation string, d *decoder, e *encoder) {
	switch operation {
	case "send":
		request := outgoing(d)
		if d.end() {
			e.answer(httpclient.Send(request))
		}
	case "send-many":
		requests := list(d, outgoing)
		if d.end() {
			outcomes := httpclient.SendMany(requests...)
			e.count(len(outcomes))
			for _, outcome := range outcomes {
				e.answer(outcome.Response, outcome.Err)
			}
		}
	default:
		d.unknown("http-client." + operation)
	}
}

func outgoing(d *decoder) *ottavo.Outgoing {
	request := &ottavo.Outgoing{Method: d.string(), URL: d.string()}
	for count := d.u32(); count > 0 && d.err == nil; count-- {
		name := d.string()
		request.Header.Add(name, d.string())
	}
	request.Body = d.bytes()
	if d.index("option", 2) == 1 {
		request.Timeout = time.Duration(d.u64()) * time.Millisecond
	}
	return request
}

func (e *encoder) answer(response *ottavo.Response, err error) {
	e.result(err, func() {
		e.bytes = binary.LittleEndian.AppendUint16(e.bytes, uint16(response.StatusCode))
		lines := 0
		for range response.Header.All() {
			lines++
		}
		e.count(lines)
		for name, value := range response.Header.All() {
			e.string(name)
			e.string(value)
		}
		e.data(response.Body)
	})
}
