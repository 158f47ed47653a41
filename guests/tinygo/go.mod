module ottavo.dev/ottavo

go 1.23
