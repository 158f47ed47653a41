package invoke_test

import (
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/invoke"
)

func Example() {
	ottavo.HandleHTTP(func(w ottavo.ResponseWriter, r *ottavo.Request) error {
		price, err := invoke.Call("pricing", &ottavo.Outgoing{URL: "/books/1"})
		if err != nil {
			return err
		}
		if !price.OK() { // any status is an answer
			return ottavo.Errorf(ottavo.ErrNotFound, "no price: %d", price.StatusCode)
		}
		charge := ottavo.NewOutgoing("POST", "/charges", string(price.Body))
		charge.Timeout = 2 * time.Second
		calls := []invoke.Planned{invoke.To("app:billing", charge), invoke.To("fn:audit", charge)}
		for _, outcome := range invoke.CallMany(calls...) {
			if outcome.Err != nil {
				return outcome.Err
			}
		}
		return nil
	})
}
