package config_test

import (
	"fmt"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/config"
)

func Example() {
	ottavo.HandleHTTP(func(w ottavo.ResponseWriter, r *ottavo.Request) error {
		store := config.Open("default")
		shop := config.Scope{AppID: "shop", Group: "checkout"}
		limit, found, err := store.Get(shop, "limit")
		if err != nil {
			return err
		}
		if !found {
			limit = config.Item{Key: "limit", Value: "5", Group: "checkout"}
			if err := store.Save("shop", limit); err != nil {
				return err
			}
		}
		items, err := store.All(shop)
		if err != nil {
			return err
		}
		for _, item := range items {
			fmt.Fprintf(w, "%s = %s\n", item.Key, item.Value)
		}
		return store.Delete(shop, "limit")
	})
}
