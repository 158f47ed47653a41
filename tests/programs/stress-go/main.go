// Stress is hammered by the host's tests: what memory does over many calls, panics, errors, output.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/log"
	"ottavo.dev/ottavo/state"
)

func init() { ottavo.HandleHTTP(stress) }

func stress(w ottavo.ResponseWriter, r *ottavo.Request) error {
	query := r.Query()
	switch what := r.Method + " " + r.PathValue("what"); what {
	case "POST echo":
		return echo(w, r.Body)
	case "POST store":
		times, err := strconv.Atoi(query.Get("times"))
		if err != nil && query.Has("times") {
			return ottavo.Errorf(ottavo.ErrInvalidArgument, "`times` is no number: %w", err)
		}
		return store(w, r.Body, query.Get("key"), max(1, times))
	case "POST json":
		return rewrite(w, r.Body)
	case "GET memory":
		return memory(w)
	case "GET panic":
		fall(query.Get("text"))
		return nil
	case "GET trap":
		_, err := fmt.Fprint(w, descend(3, len(query.Get("by"))))
		return err
	case "GET fail":
		kind, known := ottavo.ParseKind(query.Get("kind"))
		if !known {
			return ottavo.Errorf(ottavo.ErrInvalidArgument, "`%s` is no kind", query.Get("kind"))
		}
		return ottavo.Errorf(kind, "as asked")
	case "GET log":
		say(query.Get("text"))
		w.WriteHeader(ottavo.StatusNoContent)
		return nil
	case "POST together":
		return together(w, r.Body)
	case "POST leave":
		return leave(w)
	case "GET sleep":
		return sleep(w, query.Get("millis"))
	case "GET timeouts":
		return timeouts(w)
	case "GET nowhere":
		wait()
		return nil
	default:
		return ottavo.Errorf(ottavo.ErrNotFound, "there is no `%s`", what)
	}
}

func echo(w ottavo.ResponseWriter, body []byte) error {
	w.Header().Set("content-type", "application/octet-stream")
	w.Header().Set("x-length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}

// store writes and reads as often as asked, and answers the hash of what it read last.
func store(w ottavo.ResponseWriter, body []byte, key string, times int) error {
	hash := fnv.New64a()
	for i := range times {
		if _, err := state.Open("default").Set(key, body); err != nil {
			return err
		}
		value, found, err := state.Open("default").Get(key)
		if err != nil {
			return err
		}
		if !found || !bytes.Equal(value.Data, body) {
			return ottavo.Errorf(ottavo.ErrInternal, "read %d gave other bytes", i)
		}
		hash.Reset()
		hash.Write(value.Data)
	}
	_, err := fmt.Fprintf(w, "%016x", hash.Sum64())
	return err
}

// rewrite reads the body as JSON and writes it again: encoding/json uses what compilers get wrong.
func rewrite(w ottavo.ResponseWriter, body []byte) error {
	var known struct {
		Name   string            `json:"name"`
		Counts []int             `json:"counts"`
		Labels map[string]string `json:"labels,omitempty"`
	}
	if err := json.Unmarshal(body, &known); err != nil {
		return ottavo.Errorf(ottavo.ErrInvalidArgument, "reading the body as JSON: %w", err)
	}
	return json.NewEncoder(w).Encode(map[string]any{"known": known, "length": len(body)})
}

func memory(w ottavo.ResponseWriter) error {
	pages, collections := memoryPages(), collections()
	_, err := fmt.Fprintf(w, "memory=%d collections=%s", pages*65536, collections)
	return err
}

func sleep(w ottavo.ResponseWriter, millis string) error {
	number, err := strconv.Atoi(millis)
	if err != nil {
		return ottavo.Errorf(ottavo.ErrInvalidArgument, "`millis` is no number: %w", err)
	}
	begun := time.Now()
	time.Sleep(time.Duration(number) * time.Millisecond)
	_, err = fmt.Fprintf(w, "slept %d", time.Since(begun).Milliseconds())
	return err
}

// fall panics, in a function of its own.
//
//go:noinline
func fall(text string) {
	panic(text)
}

// chain keeps its functions from being inlined, which compilers do in spite of all directives.
var chain [2]func(steps, by int) int

func init() { chain = [...]func(int, int) int{descend, stepOnAMine} }

func descend(steps, by int) int {
	next := 0
	if steps == 0 {
		next = 1
	}
	return chain[next](steps-1, by) + 1
}

// stepOnAMine divides by zero.
func stepOnAMine(_, by int) int { return 100 / by }

func say(text string) {
	log.Info(text)
	fmt.Println("out: " + text)
	fmt.Fprintln(os.Stderr, "err: "+text)
}

func main() {}
