import { JarcastError } from '../../../errors.ts'

/**
 * An error about a package, saying also which POM (`by`) asks for which dependency; other errors,
 * and those that say so already, as they are.
 */
export function toNeededBy(error: unknown, dependency: string, by: string | undefined): unknown {
  if (!(error instanceof JarcastError) || by === undefined) return error
  const { code, message, details, retryable, cause } = error
  if (!code.startsWith('PACKAGE_') || details['neededBy'] !== undefined) return error
  return new JarcastError(code, `${message} (dependency ${dependency} of ${by})`, {
    cause,
    retryable,
    details: { ...details, neededBy: by },
  })
}
