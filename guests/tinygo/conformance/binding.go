package main

import "ottavo.dev/ottavo/binding"

// callBinding reads the parameters of an operation on bindings, makes the call, and encodes its outcome.
func callBinding(operation string, d *decoder, e *encoder) {
	if operation != "invoke" {
		d.unknown("binding." + operation)
		return
	}
	target, operation, data := binding.Open(d.string()), d.string(), d.bytes()
	metadata := list(d, func(d *decoder) binding.Pair {
		return binding.Pair{Name: d.string(), Value: d.string()}
	})
	if d.end() {
		answer, err := target.Invoke(operation, data, metadata...)
		e.result(err, func() {
			e.data(answer.Data)
			e.count(len(answer.Metadata))
			for _, pair := range answer.Metadata {
				e.string(pair.Name)
				e.string(pair.Value)
			}
		})
	}
}
