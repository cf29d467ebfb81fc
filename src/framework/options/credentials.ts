import { readFileSync, statSync } from 'node:fs'
import type { Credentials } from '../../client/scheduler-connection.ts'
import { JarcastError } from '../../errors.ts'

const maxFileBytes = 1024 * 1024

/**
 * Reads a principal and its secret from a file as Mesos' own programs take it: `{"principal":…,"secret":…}`, or
 * `{"credentials":[…]}` with several, or lines of text with both and a space between.
 * Of several the one with this principal is taken. Errors: `CONFIG_INVALID` naming the file, and nothing that is in it.
 * Source: apache/mesos docs/authentication.md, src/credentials/credentials.hpp.
 */
export function readCredentials(path: string, principal?: string): Credentials {
  const all = parse(path, readText(path))
  const [first, ...others] = all.filter((one) => one.principal === (principal ?? one.principal))
  if (first === undefined) {
    throw invalid(
      path,
      `does not hold ${principal === undefined ? 'any' : `principal ${principal}`}`,
    )
  }
  if (others.length > 0)
    throw invalid(path, 'holds several: say which with principal (--principal)')
  return checkCredentials(first, `credentials ${path}`)
}

/** Errors: `CONFIG_INVALID` for what HTTP basic authentication cannot carry. Source: RFC 7617, 2. */
export function checkCredentials(
  { principal, secret }: Partial<Credentials>,
  what = 'credentials',
): Credentials {
  if (typeof principal !== 'string' || typeof secret !== 'string' || principal === '') {
    throw fault(`${what} must have a principal and a secret, as {"principal":…,"secret":…}`)
  }
  // The text may contain principal:secret by mistake.
  if (principal.includes(':')) throw fault(`${what}: the principal must have no colon`)
  return { principal, secret }
}

function readText(path: string): string {
  try {
    if (statSync(path).size > maxFileBytes) throw new Error('it is larger than 1 MiB')
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalid(path, `cannot be read: ${(cause as Error).message}`)
  }
}

function parse(path: string, text: string): readonly Partial<Credentials>[] {
  if (!text.trimStart().startsWith('{')) return text.split(/\r?\n/).flatMap(toCredentials)
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    // The parser's own message shows what is around the fault.
    throw invalid(path, 'is no JSON')
  }
  const { credentials = [content] } = content as { readonly credentials?: unknown }
  if (!Array.isArray(credentials)) throw invalid(path, 'must have a list as credentials')
  return credentials.map((one: unknown) => (one ?? {}) as Partial<Credentials>)
}

/** A line with more or less than two words has no secret, and is refused as that. */
function toCredentials(line: string): readonly Partial<Credentials>[] {
  const [principal, secret, ...others] = line.trim().split(/\s+/)
  if (principal === undefined || principal === '') return []
  return [secret === undefined || others.length > 0 ? { principal } : { principal, secret }]
}

function invalid(path: string, why: string): JarcastError {
  return fault(`credentials ${path} ${why}`)
}

function fault(message: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', message, { details: { setting: 'credentials' } })
}
