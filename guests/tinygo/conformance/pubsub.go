package main

import (
	"time"

	"ottavo.dev/ottavo/pubsub"
)

// callPubSub reads the parameters of an operation on pub/sub, makes the call, and encodes its outcome.
func callPubSub(operation string, d *decoder, e *encoder) {
	switch operation {
	case "publish":
		store, topic, n := pubsub.Open(d.string()), d.string(), message(d)
		if d.end() {
			id, err := store.Publish(topic, n.data, n.how...)
			e.result(err, func() { e.string(id) })
		}
	case "publish-many":
		store, topic := pubsub.Open(d.string()), d.string()
		messages := list(d, func(d *decoder) pubsub.Message {
			n := message(d)
			return pubsub.NewMessage(n.data, n.how...)
		})
		if d.end() {
			outcomes, err := store.PublishMany(topic, messages...)
			e.result(err, func() {
				e.count(len(outcomes))
				for _, outcome := range outcomes {
					e.result(outcome.Err, func() { e.string(outcome.ID) })
				}
			})
		}
	default:
		d.unknown("pubsub." + operation)
	}
}

// content is what Publish takes beside the topic.
type content struct {
	data []byte
	how  []pubsub.MessageOption
}

func message(d *decoder) content {
	n := content{data: d.bytes()}
	n.how = append(n.how, pubsub.ContentType(d.string()))
	for _, option := range []func(string) pubsub.MessageOption{
		pubsub.ID, pubsub.Type, pubsub.Subject, pubsub.OrderingKey,
	} {
		if d.index("option", 2) == 1 {
			n.how = append(n.how, option(d.string()))
		}
	}
	for _, option := range []func(time.Duration) pubsub.MessageOption{pubsub.Delay, pubsub.TTL} {
		if d.index("option", 2) == 1 {
			const longest = uint64(1<<63-1) / uint64(time.Millisecond)
			n.how = append(n.how, option(time.Duration(min(d.u64(), longest))*time.Millisecond))
		}
	}
	for _, attribute := range list(d, func(d *decoder) pubsub.Attribute {
		return pubsub.Attribute{Name: d.string(), Value: d.string()}
	}) {
		n.how = append(n.how, attribute)
	}
	for _, option := range list(d, func(d *decoder) pubsub.Option {
		return pubsub.Option{Name: d.string(), Value: d.string()}
	}) {
		n.how = append(n.how, option)
	}
	return n
}
