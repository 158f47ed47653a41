//! The scripts of state, one per operation.

use crate::script::scripts;

scripts! {
    GET = "value.lua" "get.lua";
    SET = "value.lua" "set.lua";
    DELETE = "value.lua" "delete.lua";
    INCREMENT = "value.lua" "sum.lua" "increment.lua";
    TRANSACT = "value.lua" "sum.lua" "transact.lua";
    LIST = "list.lua";
}
