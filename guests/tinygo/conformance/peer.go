package main

import (
	"bytes"
	"strconv"
	"strings"

	"ottavo.dev/ottavo"
)

// peer answers calls by name as the suite's peer does.
func peer(w ottavo.ResponseWriter, r *ottavo.Request) error {
	if status, is := number(r.Path, "/status/"); is {
		w.WriteHeader(status)
		_, err := w.WriteString("status " + strconv.Itoa(status))
		return err
	}
	if size, is := number(r.Path, "/large/"); is {
		_, err := w.Write(bytes.Repeat([]byte("x"), size))
		return err
	}
	switch r.Path {
	case "/redirect":
		w.WriteHeader(302)
		w.Header().Set("location", "/elsewhere")
		return nil
	case "/hang":
		for {
			hanging++
		}
	}
	return echo(w, r)
}

// hanging is something to do.
var hanging uint64

func number(path, prefix string) (int, bool) {
	rest, is := strings.CutPrefix(path, prefix)
	n, err := strconv.Atoi(rest)
	return n, is && err == nil
}

func echo(w ottavo.ResponseWriter, r *ottavo.Request) error {
	line := r.Method + " " + r.Path
	if r.RawQuery != "" {
		line += "?" + r.RawQuery
	}
	w.Header().Set("x-line", line)
	for name, value := range r.Header.All() {
		w.Header().Add("was-"+name, value)
	}
	_, err := w.Write(r.Body)
	return err
}
