package pubsub

import "time"

// A Message is an event of CloudEvents 1.0, and how to deliver it. What is nil is made up.
type Message struct {
	Data []byte
	// ContentType is a media type; "" is application/octet-stream. With application/cloudevents+json,
	// Data is a whole event in JSON, and none of its attributes may stand beside it.
	ContentType string
	ID          *string
	Type        *string
	Subject     *string
	OrderingKey *string
	Delay       *time.Duration
	TTL         *time.Duration
	Attributes  []Attribute
	Options     []Option
}

// NewMessage is the message that Publish publishes.
func NewMessage(data []byte, how ...MessageOption) Message {
	message := Message{Data: data}
	for _, option := range how {
		option.apply(&message)
	}
	return message
}

// A MessageOption says what is published beside the data, and how.
type MessageOption interface{ apply(*Message) }

type setter func(*Message)

func (s setter) apply(message *Message) { s(message) }

// ContentType is the media type of the data.
func ContentType(mediaType string) MessageOption {
	return setter(func(m *Message) { m.ContentType = mediaType })
}

// ID is the event's id.
func ID(id string) MessageOption { return setter(func(m *Message) { m.ID = &id }) }

// Type is the event's type: com.example.paid.
func Type(name string) MessageOption { return setter(func(m *Message) { m.Type = &name }) }

// Subject is what the event is about.
func Subject(subject string) MessageOption {
	return setter(func(m *Message) { m.Subject = &subject })
}

// OrderingKey: events of one key are delivered in order, where the driver can.
func OrderingKey(key string) MessageOption {
	return setter(func(m *Message) { m.OrderingKey = &key })
}

// Delay: not delivered before this has passed, in whole milliseconds.
func Delay(delay time.Duration) MessageOption {
	return setter(func(m *Message) { m.Delay = &delay })
}

// TTL: not delivered once this has passed, in whole milliseconds, counted from the publishing.
func TTL(ttl time.Duration) MessageOption { return setter(func(m *Message) { m.TTL = &ttl }) }

// An Attribute is a further one of the event, by a name of lower-case letters and digits.
type Attribute struct{ Name, Value string }

func (a Attribute) apply(message *Message) { message.Attributes = append(message.Attributes, a) }

// An Option steers a driver. Every driver knows {"consistency", "strong"} and "eventual".
type Option struct{ Name, Value string }

func (o Option) apply(message *Message) { message.Options = append(message.Options, o) }
