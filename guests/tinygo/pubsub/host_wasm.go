package pubsub

import (
	"time"

	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_pubsub"
	"ottavo.dev/ottavo/internal/lift"
	"ottavo.dev/ottavo/internal/pairs"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

func publish(store, topic string, message Message) (string, error) {
	return lift.Outcome(wit.Publish(store, topic, lower(message)))
}

func publishMany(store, topic string, messages []Message) ([]Published, error) {
	lowered := make([]wit.Message, len(messages))
	for i, message := range messages {
		lowered[i] = lower(message)
	}
	outcomes, err := lift.Outcome(wit.PublishMany(store, topic, lowered))
	if err != nil {
		return nil, err
	}
	published := make([]Published, len(outcomes))
	for i, outcome := range outcomes {
		id, err := lift.Outcome(outcome)
		published[i] = Published{id, err}
	}
	return published, nil
}

func lower(message Message) wit.Message {
	return wit.Message{
		Data:        message.Data,
		ContentType: message.ContentType,
		Id:          text(message.ID),
		Type:        text(message.Type),
		Subject:     text(message.Subject),
		OrderingKey: text(message.OrderingKey),
		Delay:       millis(message.Delay),
		Ttl:         millis(message.TTL),
		Attributes:  pairs.Lower(message.Attributes),
		Options:     pairs.Lower(message.Options),
	}
}

func text(given *string) witTypes.Option[string] {
	if given == nil {
		return witTypes.None[string]()
	}
	return witTypes.Some(*given)
}

func millis(given *time.Duration) witTypes.Option[uint64] {
	if given == nil {
		return witTypes.None[uint64]()
	}
	return witTypes.Some(uint64(max(0, given.Milliseconds())))
}
