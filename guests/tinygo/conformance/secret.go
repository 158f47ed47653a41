package main

import "ottavo.dev/ottavo/secret"

// callSecret reads the parameters of an operation on secrets, makes the call, and encodes its outcome.
func callSecret(operation string, d *decoder, e *encoder) {
	switch operation {
	case "get":
		store, name, version := secret.Open(d.string()), d.string(), d.optionString()
		if d.end() {
			found, is, err := store.GetVersion(name, version)
			e.result(err, func() {
				e.bool(is)
				if is {
					e.secret(found)
				}
			})
		}
	case "get-bulk":
		store := secret.Open(d.string())
		if d.end() {
			all, err := store.All()
			e.result(err, func() {
				e.count(len(all))
				for _, named := range all {
					e.string(named.Name)
					e.secret(named.Secret)
				}
			})
		}
	default:
		d.unknown("secret." + operation)
	}
}

func (e *encoder) secret(found secret.Secret) {
	e.optionString(found.Version)
	e.count(len(found.Values()))
	for _, value := range found.Values() {
		e.string(value.Name)
		e.data(value.Data)
	}
}
