module function/{{name}}

go 1.23

require ottavo.dev/ottavo v0.0.0

// a link that `ottavo build` makes
replace ottavo.dev/ottavo => ./.ottavo/sdk
