// A function that logs each event that it receives.
package main

import (
	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/log"
)

func init() { ottavo.HandleEvent(receive) }

func receive(e *ottavo.Event) error {
	text, err := e.Text()
	if err != nil {
		return ottavo.Drop("not text")
	}
	log.Info("received `" + text + "`")
	return nil
}

// The host calls what `init` names; this stays empty.
func main() {}
