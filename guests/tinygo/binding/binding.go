// Package binding reaches anything else outside, by its configured name: a webhook, a queue, a mail
// server.
//
//	answer, err := binding.Open("webhook").Invoke("create", order,
//		binding.Pair{Name: "Content-Type", Value: "application/json"})
//	...
//	status := answer.Get("statusCode")
package binding

// A Binding is one named binding. The manifest's [needs] must name it.
type Binding struct{ name string }

// Open gives the binding of this name. It costs nothing and cannot fail.
func Open(name string) Binding { return Binding{name} }

// A Pair is a piece of metadata.
type Pair struct{ Name, Value string }

// An Answer is what came back.
type Answer struct {
	Data []byte
	// Metadata is what the driver says of the data. A name may stand several times.
	Metadata []Pair
}

// Get is the first value of a name, "" when there is none.
func (a Answer) Get(name string) string {
	for _, pair := range a.Metadata {
		if pair.Name == name {
			return pair.Value
		}
	}
	return ""
}

// Invoke does something outside. What operation and metadata may be is up to the binding's driver; an
// operation that it does not know is ottavo.ErrUnsupported.
func (b Binding) Invoke(operation string, data []byte, metadata ...Pair) (Answer, error) {
	return invoke(b.name, operation, data, metadata)
}
