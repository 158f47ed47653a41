package binding_test

import (
	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/binding"
	"ottavo.dev/ottavo/log"
)

func Example() {
	ottavo.HandleEvent(func(e *ottavo.Event) error {
		answer, err := binding.Open("webhook").Invoke("create", e.Data,
			binding.Pair{Name: "Content-Type", Value: e.ContentType})
		if err != nil {
			return err
		}
		log.Info("told", "status", answer.Get("statusCode"))
		return nil
	})
}
