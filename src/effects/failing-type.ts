const failing = /fail|error|lost/i

/** True for a type of event that reads like a failure: where no lens knows what it means. */
export function isFailingType(type: string): boolean {
  return failing.test(type)
}
