export { nothing, worldOne, worldTwo } from "./bindings/world";
