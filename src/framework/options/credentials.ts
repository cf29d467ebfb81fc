import { readFileSync, statSync } from 'node:fs'
import type { Credentials } from '../../client/http/credentials.ts'
import { configInvalid } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'

const maxFileBytes = 1024 * 1024

/**
 * Reads a principal and its secret from a file in a format of Mesos' own programs:
 * `{"principal":…,"secret":…}`, `{"credentials":[…]}` with several, or lines of `principal secret`.
 * Of several, returns the one with this principal. Errors: `CONFIG_INVALID` with the path of the
 * file and none of its content.
 * Source: apache/mesos docs/authentication.md, src/credentials/credentials.hpp.
 */
export function readCredentials(path: string, principal?: string): Credentials {
  const all = parse(path, readText(path))
  const [first, ...others] = all.filter((one) => one.principal === (principal ?? one.principal))
  if (first === undefined) {
    const what = principal === undefined ? 'credentials' : `principal ${principal}`
    throw invalidFile(path, `contains no ${what}`)
  }
  if (others.length > 0)
    throw invalidFile(path, 'contains several principals: set principal (--principal)')
  return checkCredentials(first, `credentials ${path}`)
}

/** Errors: `CONFIG_INVALID` for values that HTTP basic authentication (RFC 7617) cannot carry. */
export function checkCredentials(
  { principal, secret }: Partial<Credentials>,
  what = 'credentials',
): Credentials {
  if (typeof principal !== 'string' || typeof secret !== 'string' || principal === '') {
    throw invalidCredentials(
      `${what} must have a principal and a secret, as {"principal":…,"secret":…}`,
    )
  }
  // The text may contain principal:secret by mistake.
  if (principal.includes(':')) throw invalidCredentials(`${what}: the principal must have no colon`)
  return { principal, secret }
}

function readText(path: string): string {
  try {
    if (statSync(path).size > maxFileBytes) throw new Error('it is larger than 1 MiB')
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalidFile(path, `cannot be read: ${(cause as Error).message}`)
  }
}

function parse(path: string, text: string): readonly Partial<Credentials>[] {
  if (!text.trimStart().startsWith('{')) return text.split(/\r?\n/).flatMap(toCredentials)
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    // The message of the parser contains part of the file.
    throw invalidFile(path, 'is not JSON')
  }
  const { credentials = [content] } = content as { readonly credentials?: unknown }
  if (!Array.isArray(credentials)) throw invalidFile(path, 'must have a list as credentials')
  return credentials.map((one: unknown) => (one ?? {}) as Partial<Credentials>)
}

/** A line with more or fewer than two words has no secret, and is refused for that. */
function toCredentials(line: string): readonly Partial<Credentials>[] {
  const [principal, secret, ...others] = line.trim().split(/\s+/)
  if (principal === undefined || principal === '') return []
  return [secret === undefined || others.length > 0 ? { principal } : { principal, secret }]
}

function invalidFile(path: string, why: string): JarcastError {
  return invalidCredentials(`credentials ${path} ${why}`)
}

function invalidCredentials(message: string): JarcastError {
  return configInvalid('credentials', message)
}
