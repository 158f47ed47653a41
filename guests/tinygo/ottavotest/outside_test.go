package ottavotest_test

import (
	"errors"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/httpclient"
	"ottavo.dev/ottavo/invoke"
	"ottavo.dev/ottavo/ottavotest"
)

func TestRequestsAreAnsweredByTheTest(t *testing.T) {
	ottavotest.Outside(t, func(request *ottavo.Outgoing) (*ottavo.Response, error) {
		if request.URL == "https://down.example.com/" {
			return nil, ottavo.ErrUnavailable
		}
		return &ottavo.Response{StatusCode: 200, Body: []byte(request.URL)}, nil
	})
	answer, err := httpclient.Get("https://api.example.com/")
	if err != nil || !answer.OK() || string(answer.Body) != "https://api.example.com/" {
		t.Fatal(answer, err)
	}
	outcomes := httpclient.SendMany(
		&ottavo.Outgoing{URL: "https://down.example.com/"},
		&ottavo.Outgoing{URL: "https://api.example.com/"},
	)
	if !errors.Is(outcomes[0].Err, ottavo.ErrUnavailable) || outcomes[1].Err != nil {
		t.Fatal(outcomes)
	}
}

func TestCallsAreAnsweredByTheTest(t *testing.T) {
	ottavotest.Targets(t, func(target string, request *ottavo.Outgoing) (*ottavo.Response, error) {
		if target != "pricing" {
			return nil, ottavo.ErrNotFound
		}
		return &ottavo.Response{StatusCode: 404, Body: request.Body}, nil
	})
	request := ottavo.NewOutgoing("PUT", "/books/1", "7")
	answer, err := invoke.Call("pricing", request)
	if err != nil || answer.OK() || string(answer.Body) != "7" {
		t.Fatal(answer, err)
	}
	outcomes := invoke.CallMany(invoke.To("other", request), invoke.To("pricing", request))
	if !errors.Is(outcomes[0].Err, ottavo.ErrNotFound) || outcomes[1].Err != nil {
		t.Fatal(outcomes)
	}
}
