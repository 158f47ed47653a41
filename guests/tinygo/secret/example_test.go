package secret_test

import (
	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/httpclient"
	"ottavo.dev/ottavo/secret"
)

func Example() {
	ottavo.HandleHTTP(func(w ottavo.ResponseWriter, r *ottavo.Request) error {
		token, found, err := secret.Open("vault").Get("token")
		if err != nil {
			return err
		}
		if !found {
			return ottavo.Errorf(ottavo.ErrNotFound, "no secret `token`")
		}
		text, err := token.Text()
		if err != nil {
			return err
		}
		rates := ottavo.NewOutgoing("GET", "https://api.example.com/rates", "")
		rates.Header.Set("authorization", "Bearer "+text)
		answer, err := httpclient.Send(rates)
		if err != nil {
			return err
		}
		_, err = w.Write(answer.Body)
		return err
	})
}
