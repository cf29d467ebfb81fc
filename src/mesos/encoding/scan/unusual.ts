/** Thrown where a message is left to reading or writing by plan; no sign of an error. */
export const unusual = Symbol('unusual message')
