/** Properties in a POM: `${name}` is replaced, in what it is replaced with too. */
import { JarcastError } from '../../errors.ts'

const maxLength = 16 * 1024
const maxDepth = 100

/**
 * A function that replaces every `${name}` that `lookUp` knows; the others stay as they are, as do those that end up
 * referring to themselves. It throws `PACKAGE_INVALID` when a value grows past 16 KiB.
 */
export function createInterpolator(
  lookUp: (name: string) => string | undefined,
): (text: string) => string {
  const values = new Map<string, string | undefined>()
  const open = new Set<string>()

  function interpolate(text: string): string {
    if (!text.includes('${')) return text
    let length = 0
    return text.replaceAll(/\$\{([^{}]*)\}/g, (whole, name: string) => {
      const value = valueOf(name) ?? whole
      length += value.length
      if (length > maxLength) throw tooLong(name)
      return value
    })
  }

  /** Each is worked out once: values that refer to each other a thousand times cost no more. */
  function valueOf(name: string): string | undefined {
    if (values.has(name)) return values.get(name)
    if (open.has(name) || open.size >= maxDepth) return undefined
    open.add(name)
    const found = lookUp(name)
    const value = found === undefined ? undefined : interpolate(found)
    open.delete(name)
    values.set(name, value)
    return value
  }

  return interpolate
}

function tooLong(name: string): JarcastError {
  const message = `a value in a POM grows past ${maxLength} characters at \${${name.slice(0, 100)}}`
  return new JarcastError('PACKAGE_INVALID', message)
}
