/**
 * Replaces properties, `${name}`, in a POM; values may contain properties too.
 * Source: plexus-interpolation 1.26, "StringSearchInterpolator".
 */
import { JarcastError } from '../../../errors.ts'

type LookUp = (name: string) => string | undefined

const maxLength = 16 * 1024
const maxDepth = 500

/**
 * Returns a function that replaces every `${name}` known to one of `sources`; unknown names stay. A
 * value that contains its own name is skipped for that of the next source, as in
 * `<java.version>${java.version}</java.version>`. The function throws `PACKAGE_INVALID` when no
 * source is left, when values form a circle, and when a text exceeds 16 KiB.
 */
export function createInterpolator(sources: readonly LookUp[]): (text: string) => string {
  const values = new Map<string, string | undefined>()
  const open = new Set<string>()

  function interpolate(text: string): string {
    if (!text.includes('${')) return text
    let length = 0
    return text.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) => {
      const value = valueOf(name.replace(/^\./, ''), whole) ?? whole
      length += value.length
      if (length > maxLength) throw invalidValue(`a value exceeds ${maxLength} characters`, name)
      return value
    })
  }

  /** Computes each value once, so that repeated references stay cheap. */
  function valueOf(name: string, whole: string): string | undefined {
    if (values.has(name)) return values.get(name)
    if (open.has(name)) throw invalidValue('a value refers to itself', name)
    if (open.size >= maxDepth)
      throw invalidValue(`values refer to each other ${maxDepth} times`, name)
    open.add(name)
    try {
      const found = lookUp(name, whole)
      const value = found === undefined ? undefined : interpolate(found)
      values.set(name, value)
      return value
    } finally {
      open.delete(name)
    }
  }

  function lookUp(name: string, whole: string): string | undefined {
    let isCircle = false
    for (const source of sources) {
      const value = source(name)
      if (value !== undefined && !value.includes(whole)) return value
      isCircle ||= value !== undefined
    }
    if (isCircle) throw invalidValue('a value refers to itself', name)
    return undefined
  }

  return interpolate
}

function invalidValue(why: string, name: string): JarcastError {
  return new JarcastError('PACKAGE_INVALID', `${why} at \${${name.slice(0, 100)}}`)
}
