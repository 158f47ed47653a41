// Receipts gives each order that was accepted an invoice number and writes its receipt, a file that
// GET /receipts/:order shows.
//
// An event comes at least once: again when this program failed or its host ended before the event was
// done with, or when a client sent its order again. There is one receipt all the same. Its file has
// the name of the order and is written once; who finds it there only tells of it again. The lock of
// the books lets one call at a time look and write, on all hosts, so that numbers follow the order of
// the receipts and none is taken in vain by a call that comes second. A number is lost, never used
// twice, if the host ends between taking it and writing the file.
package main

import (
	"encoding/json"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/file"
	"ottavo.dev/ottavo/lock"
	"ottavo.dev/ottavo/log"
	"ottavo.dev/ottavo/pubsub"
	"ottavo.dev/ottavo/sequencer"
)

func init() {
	ottavo.HandleEvent(receive)
	ottavo.HandleHTTP(show)
}

type order struct {
	ID       string `json:"id"`
	Item     string `json:"item"`
	Quantity uint32 `json:"quantity"`
}

type receipt struct {
	Invoice uint64 `json:"invoice"`
	Order   order  `json:"order"`
}

func receive(e *ottavo.Event) error {
	var accepted order
	if err := json.Unmarshal(e.Data, &accepted); err != nil || accepted.ID == "" {
		return ottavo.Drop("the event holds no order")
	}
	written, err := book(accepted)
	if err != nil {
		return err
	}
	_, err = pubsub.Open("default").Publish("receipts", written,
		pubsub.ContentType("application/json"), pubsub.ID("receipt-"+accepted.ID))
	return err
}

// book is the receipt of an order: the one that is there, else a new one.
func book(accepted order) ([]byte, error) {
	held, taken, err := lock.Open("default").TryLock("books", 10*time.Second, lock.Wait(5*time.Second))
	if err != nil {
		return nil, err
	}
	if !taken {
		return nil, ottavo.RetryAfter(time.Second)
	}
	defer held.Unlock()

	files, name := file.Open("default"), fileOf(accepted.ID)
	written, found, err := files.Read(name)
	if err != nil || found {
		return written, err
	}
	invoice, err := sequencer.Open("default").Next("invoice", sequencer.Strong)
	if err != nil {
		return nil, err
	}
	written, err = json.Marshal(receipt{invoice, accepted})
	if err != nil {
		return nil, err
	}
	// if the lock has expired under a slow call, the file is refused: the event comes again
	_, err = files.Write(name, written, file.ContentType("application/json"), file.IfAbsent())
	if err == nil {
		log.Info("receipt written", "order", accepted.ID, "invoice", invoice)
	}
	return written, err
}

func show(w ottavo.ResponseWriter, r *ottavo.Request) error {
	id := r.PathValue("order")
	written, found, err := file.Open("default").Read(fileOf(id))
	if err != nil {
		return err
	}
	if !found {
		return ottavo.Errorf(ottavo.ErrNotFound, "no receipt of order `%s`", id)
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(written)
	return err
}

func fileOf(order string) string { return "receipts/" + order + ".json" }

func main() {}
