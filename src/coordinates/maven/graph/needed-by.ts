import { JarcastError } from '../../../errors.ts'

/**
 * Adds to an error of code `PACKAGE_*` the POM (`by`) that has the dependency. Returns other
 * errors, and errors that name a POM, unchanged.
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
