import { JarcastError } from '../../errors.ts'

/** `PACKAGE_INVALID` for the XML document that `source` names. */
export function unreadable(source: string, why: string): JarcastError {
  return new JarcastError('PACKAGE_INVALID', `${source} cannot be read: ${why}`, {
    details: { source },
  })
}
