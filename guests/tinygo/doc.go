// Package ottavo writes functions for the Ottavo host, with standard Go or TinyGo.
//
// A function registers its handler when the program starts; main is never called.
//
//	func init() { ottavo.HandleHTTP(hello) }
//
//	func hello(w ottavo.ResponseWriter, r *ottavo.Request) error {
//		_, err := fmt.Fprintf(w, "Hello, %s!\n", r.PathValue("name"))
//		return err
//	}
//
//	func main() {}
//
// A program that receives events has a handler for them, alone or beside the other:
//
//	func init() { ottavo.HandleEvent(created) }
//
//	func created(e *ottavo.Event) error {
//		log.Info("an order", "id", e.ID)
//		return nil
//	}
//
// The names are those of net/http where there is a counterpart; net/http itself brings a TLS stack
// that a function has no use for. Requests and answers are whole, so Body is a byte slice. A handler
// may return an error: it becomes the HTTP status of its [Kind].
//
// The host's other services are packages of their own: state for stores, invoke for other functions and
// apps, httpclient for the outside, log for structured logs, call for what surrounds the call.
//
// On the machine's own target everything compiles, so that functions have ordinary tests:
// [NewRequest] and [NewRecorder] stand in for the host, and package ottavotest for its services.
package ottavo
