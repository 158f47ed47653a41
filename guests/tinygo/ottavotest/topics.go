//go:build !wasm

package ottavotest

import (
	"slices"
	"strconv"
	"sync"
	"testing"

	"ottavo.dev/ottavo/pubsub"
)

// Topics lets a test publish: what was published to a topic of a store is what it returns says.
//
//	published := ottavotest.Topics(t)
//	...
//	if messages := published("default", "orders"); len(messages) != 1 {
func Topics(t testing.TB) (published func(store, topic string) []pubsub.Message) {
	t.Helper()
	host := &topics{messages: map[address][]pubsub.Message{}}
	before := pubsub.SetHost(host)
	t.Cleanup(func() { pubsub.SetHost(before) })
	return host.published
}

type topics struct {
	mutex    sync.Mutex
	messages map[address][]pubsub.Message
	events   int
}

func (t *topics) published(store, topic string) []pubsub.Message {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return slices.Clone(t.messages[address{store, topic}])
}

// Publish is part of pubsub.Host.
func (t *topics) Publish(store, topic string, message pubsub.Message) (string, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	at := address{store, topic}
	t.messages[at] = append(t.messages[at], message)
	t.events++
	if message.ID != nil {
		return *message.ID, nil
	}
	return "event-" + strconv.Itoa(t.events), nil
}

// PublishMany is part of pubsub.Host.
func (t *topics) PublishMany(store, topic string, messages []pubsub.Message) ([]pubsub.Published, error) {
	published := make([]pubsub.Published, len(messages))
	for i, message := range messages {
		published[i].ID, published[i].Err = t.Publish(store, topic, message)
	}
	return published, nil
}
