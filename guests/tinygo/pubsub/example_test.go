package pubsub_test

import (
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/log"
	"ottavo.dev/ottavo/pubsub"
)

func Example() {
	ottavo.HandleHTTP(func(w ottavo.ResponseWriter, r *ottavo.Request) error {
		bus := pubsub.Open("default")
		id, err := bus.Publish("payments", r.Body,
			pubsub.ContentType("application/json"), pubsub.Type("com.example.paid"),
			pubsub.OrderingKey("customer-17"), pubsub.Delay(5*time.Second))
		if err != nil {
			return err
		}
		log.Info("published", "event", id)
		several := []pubsub.Message{pubsub.NewMessage([]byte("one")), pubsub.NewMessage([]byte("two"))}
		published, err := bus.PublishMany("orders", several...)
		if err != nil {
			return err
		}
		for _, outcome := range published {
			if outcome.Err != nil {
				return outcome.Err
			}
		}
		return nil
	})
}
