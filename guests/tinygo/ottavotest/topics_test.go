package ottavotest

import (
	"testing"
	"time"

	"ottavo.dev/ottavo/pubsub"
)

func TestWhatIsPublishedIsSeen(t *testing.T) {
	published := Topics(t)
	bus := pubsub.Open("default")
	id, err := bus.Publish("orders", []byte("1"), pubsub.ID("mine"), pubsub.Delay(time.Second),
		pubsub.Attribute{Name: "region", Value: "eu"})
	if id != "mine" || err != nil {
		t.Error(id, err)
	}
	outcomes, err := bus.PublishMany("orders", pubsub.NewMessage([]byte("2")), pubsub.NewMessage(nil))
	if err != nil || len(outcomes) != 2 || outcomes[0].ID == outcomes[1].ID {
		t.Error(outcomes, err)
	}
	messages := published("default", "orders")
	if len(messages) != 3 || *messages[0].Delay != time.Second || messages[0].Attributes[0].Value != "eu" {
		t.Error(messages)
	}
	if len(published("other", "orders")) != 0 {
		t.Error("two stores share a topic")
	}
}
