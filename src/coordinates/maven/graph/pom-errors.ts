import { JarcastError } from '../../../errors.ts'
import type { Gav } from '../model/artifact.ts'
import { gavId } from '../model/merged-pom.ts'

/** `PACKAGE_NOT_FOUND` for a POM that another POM, or the user, refers to as `role`. */
export function missingPom(gav: Gav, role: string): JarcastError {
  const name = `maven:${gavId(gav)}`
  return new JarcastError('PACKAGE_NOT_FOUND', `${name}, ${role}, is in none of the repositories`, {
    details: { package: name },
  })
}

/** `PACKAGE_INVALID`: parents or imports form a circle, or are too many. */
export function circularPom(id: string): JarcastError {
  return invalidPom(`the parents or imports of ${id} form a circle, or are too many`)
}

export function invalidPom(message: string): JarcastError {
  return new JarcastError('PACKAGE_INVALID', message)
}
