/**
 * The file of principals and secrets that a Mesos master takes with `--credentials`.
 * Source: apache/mesos docs/authentication.md; include/mesos/mesos.proto (Credentials).
 */
import { readFileSync } from 'node:fs'
import { configInvalid, messageOf } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'
import type { Credential } from './basic-authentication.ts'

/**
 * Reads `{"credentials":[{"principal":…,"secret":…}]}`, a single entry, or lines `PRINCIPAL
 * SECRET`. Throws CONFIG_INVALID for an unreadable or invalid file; messages contain no secret.
 */
export function readCredentials(file: string): readonly Credential[] {
  const { credentials } = parse(file)
  if (!Array.isArray(credentials) || credentials.length === 0) {
    throw invalidCredentials(
      file,
      'it must be {"credentials":[{"principal":…,"secret":…}]} with at least one',
    )
  }
  return credentials.map((entry: unknown, index) => {
    const { principal, secret } = (entry ?? {}) as Partial<Record<keyof Credential, unknown>>
    if (typeof principal === 'string' && typeof secret === 'string') return { principal, secret }
    throw invalidCredentials(file, `entry ${index + 1} must have "principal" and "secret" as texts`)
  })
}

function parse(file: string): { readonly credentials?: unknown } {
  const text = readText(file)
  if (!/^\s*[{[]/.test(text)) return { credentials: text.split(/\r?\n/).flatMap(toEntry) }
  try {
    const value = JSON.parse(text) as { readonly credentials?: unknown }
    return 'principal' in value ? { credentials: [value] } : value
  } catch {
    // The parser's message would quote the file, secrets included.
    throw invalidCredentials(file, 'it is neither valid JSON nor lines with principal and secret')
  }
}

/** A line that is not two words is refused: it has no secret. */
function toEntry(line: string): readonly Partial<Credential>[] {
  const [principal, secret, ...others] = line.trim().split(/\s+/)
  if (principal === undefined || principal === '') return []
  return [secret === undefined || others.length > 0 ? { principal } : { principal, secret }]
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw invalidCredentials(file, messageOf(cause), cause)
  }
}

function invalidCredentials(file: string, message: string, cause?: unknown): JarcastError {
  return configInvalid('credentials', `credentials ${file}: ${message}`, cause)
}
