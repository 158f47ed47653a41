module hello-tinygo

go 1.23

require ottavo.dev/ottavo v0.0.0

replace ottavo.dev/ottavo => ../../../guests/tinygo
