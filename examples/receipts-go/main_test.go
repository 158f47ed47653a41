package main

import (
	"errors"
	"testing"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/lock"
	"ottavo.dev/ottavo/ottavotest"
)

func event(data string) *ottavo.Event {
	return &ottavo.Event{ID: "1", Topic: "orders", Data: []byte(data), Attempt: 1}
}

const tea = `{"id":"A-17","item":"tea","quantity":2}`

const receiptOfTea = `{"invoice":1,"order":` + tea + `}`

func TestAnOrderThatComesTwiceHasOneReceipt(t *testing.T) {
	ottavotest.Stores(t)
	published := ottavotest.Topics(t)
	for _, data := range []string{tea, tea, `{"id":"A-18","item":"tea","quantity":1}`} {
		if err := receive(event(data)); err != nil {
			t.Fatal(err)
		}
	}
	var told []string
	for _, message := range published("default", "receipts") {
		told = append(told, *message.ID+" "+string(message.Data))
	}
	if len(told) != 3 || told[0] != "receipt-A-17 "+receiptOfTea || told[1] != told[0] ||
		told[2] != `receipt-A-18 {"invoice":2,"order":{"id":"A-18","item":"tea","quantity":1}}` {
		t.Errorf("%q", told)
	}

	r, w := ottavo.NewRequest("GET", "/receipts/A-17", ""), ottavo.NewRecorder()
	r.SetPathValue("order", "A-17")
	if err := show(w, r); err != nil || string(w.Body) != receiptOfTea {
		t.Errorf("%s, %v", w.Body, err)
	}
}

func TestNothingIsBookedWhileSomebodyElseHasTheBooks(t *testing.T) {
	ottavotest.Stores(t)
	published := ottavotest.Topics(t)
	held, _, _ := lock.Open("default").TryLock("books", time.Minute)
	if err := receive(event(tea)); err == nil {
		t.Error("the event must come again")
	}
	if _, err := held.Unlock(); err != nil {
		t.Error(err)
	}
	if err := receive(event(tea)); err != nil || len(published("default", "receipts")) != 1 {
		t.Error(err)
	}
}

func TestWhatIsNoOrderIsDropped(t *testing.T) {
	for _, data := range []string{"", "tea", "{}", `{"id":7}`} {
		err := receive(event(data))
		if err == nil || err.Error() != ottavo.Drop("the event holds no order").Error() {
			t.Errorf("%q: %v", data, err)
		}
	}
}

func TestAReceiptThatIsNotThereIsNotFound(t *testing.T) {
	ottavotest.Stores(t)
	r := ottavo.NewRequest("GET", "/receipts/A-17", "")
	r.SetPathValue("order", "A-17")
	if err := show(ottavo.NewRecorder(), r); !errors.Is(err, ottavo.ErrNotFound) {
		t.Error(err)
	}
}
