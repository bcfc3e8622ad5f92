/** Stands in the value of a root for what an expression or a variable gives: these are not evaluated here. */
export const UNKNOWN: unique symbol = Symbol('unknown');
