type Plain = Record<string, unknown>

/** `initialize` as the constructor of objects that are as plain as those of a literal. */
export function shapeOf<Values extends unknown[]>(
  initialize: (this: Plain, ...values: Values) => void,
): new (...values: Values) => Plain {
  initialize.prototype = Object.prototype
  return initialize as unknown as new (...values: Values) => Plain
}
