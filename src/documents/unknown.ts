/** In the value of a document's root: what an expression or a variable gives, which is not evaluated here. */
export const UNKNOWN: unique symbol = Symbol('unknown');
