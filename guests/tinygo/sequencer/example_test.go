package sequencer_test

import (
	"fmt"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/sequencer"
)

func Example() {
	ottavo.HandleHTTP(func(w ottavo.ResponseWriter, r *ottavo.Request) error {
		ids := sequencer.Open("default")
		// greater than any before it, by any host
		invoice, err := ids.Next("invoice", sequencer.Strong)
		if err != nil {
			return err
		}
		lines, err := ids.NextRange("line", sequencer.Weak, 10)
		if err != nil {
			return err
		}
		for line := lines.First; line <= lines.Last; line++ {
			fmt.Fprintf(w, "%d: line %d\n", invoice, line)
		}
		return nil
	})
}
