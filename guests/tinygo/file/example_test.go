package file_test

import (
	"fmt"
	"io"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/file"
)

func Example() {
	ottavo.HandleHTTP(func(w ottavo.ResponseWriter, r *ottavo.Request) error {
		store := file.Open("default")
		if _, err := store.Write("receipts/1.txt", []byte("paid")); err != nil {
			return err
		}
		for info, err := range store.Files("receipts/") {
			if err != nil {
				return err
			}
			fmt.Fprintln(w, info.Name, info.Size)
		}
		receipt, found, err := store.Read("receipts/1.txt")
		if err != nil || !found {
			return err
		}
		_, err = w.Write(receipt)
		return err
	})
}

// As streams: no more than a chunk is in memory.
func ExampleStore_Writer() {
	ottavo.HandleEvent(func(e *ottavo.Event) error {
		store := file.Open("default")
		from, found, err := store.Reader("orders.csv")
		if err != nil || !found {
			return err
		}
		defer from.Close()
		to, err := store.Writer("report.csv", file.ContentType("text/csv"), file.IfAbsent())
		if err != nil {
			return err
		}
		defer to.Close() // leaves nothing behind unless it is finished
		if _, err := io.Copy(to, from); err != nil {
			return err
		}
		_, err = to.Finish() // until here nobody sees any of it
		return err
	})
}
