export { f as firstTypesApi100F } from "./bindings/first-types-api-1-0-0";
export { f as firstTypesApi200F } from "./bindings/first-types-api-2-0-0";
export { f as secondTypesApiF } from "./bindings/second-types-api";
export { f as sameNamesApiF } from "./bindings/same-names-api";
