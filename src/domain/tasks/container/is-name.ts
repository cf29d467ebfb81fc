/** True for a text that is not empty. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
