// Package pubsub publishes events to topics, in named stores.
//
//	bus := pubsub.Open("default")
//	id, err := bus.Publish("orders", []byte("book1"))
//	...
//	id, err = bus.Publish("payments", receipt,
//		pubsub.ContentType("application/json"), pubsub.Type("com.example.paid"),
//		pubsub.OrderingKey("customer-17"), pubsub.Delay(5*time.Second))
//
//	published, err := bus.PublishMany("orders", pubsub.NewMessage(one), pubsub.NewMessage(two))
//
// Data is bytes that are never changed. A function receives events by a subscription of its manifest.
package pubsub

// A Store is one named store. The manifest's [needs] must name it.
type Store struct{ name string }

// Open gives the store of this name. It costs nothing and cannot fail.
func Open(name string) Store { return Store{name} }

// A Published is the outcome of one message of PublishMany.
type Published struct {
	// ID is that of the event.
	ID  string
	Err error
}

// Publish publishes an event and returns its id once the store has accepted it. The error is
// ottavo.ErrExhausted when the topic has no room, because a group does not keep up.
func (s Store) Publish(topic string, data []byte, how ...MessageOption) (id string, err error) {
	return publish(s.name, topic, NewMessage(data, how...))
}

// PublishMany publishes several in the order given, each with its own outcome.
func (s Store) PublishMany(topic string, messages ...Message) ([]Published, error) {
	return publishMany(s.name, topic, messages)
}
