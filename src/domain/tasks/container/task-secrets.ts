/**
 * Secrets by reference: agents put them in place with their secret resolver, and `/state` shows
 * names only. Source: mesos.proto, `Secret`; apache/mesos docs/secrets.md.
 */
import { defined } from '../../../defined.ts'
import type { EnvironmentVariable, Secret } from '../../../mesos/types.generated.ts'
import { isRecord } from '../../json.ts'
import { findUnknownField } from '../../unknown-field.ts'
import { isName } from './is-name.ts'

/** The name that the secret resolver of the agents knows; `key` selects one value of several. */
export type SecretName = string | { readonly name: string; readonly key?: string }

/** By the name of the variable that gets the value. */
export type SecretVariables = Readonly<Record<string, SecretName>>

export function secretOf(secret: SecretName): Secret {
  const { name, key } = typeof secret === 'string' ? { name: secret, key: undefined } : secret
  return { type: 'REFERENCE', reference: { name, ...defined({ key }) } }
}

export function secretVariables(secrets: SecretVariables = {}): readonly EnvironmentVariable[] {
  return Object.entries(secrets).map(([name, secret]) => {
    return { name, type: 'SECRET', secret: secretOf(secret) }
  })
}

/** What is wrong with secrets for an environment, naming the member; undefined if nothing is. */
export function findSecretsFault(
  secrets: unknown,
  environment: Readonly<Record<string, unknown>> = {},
): string | undefined {
  if (!isRecord(secrets)) return 'secrets must be an object: the name of a secret per variable'
  for (const [variable, secret] of Object.entries(secrets)) {
    if (!/^[^=\0]+$/.test(variable))
      return `secrets has a variable "${variable}": a name is not empty and has no = in it`
    if (Object.hasOwn(environment, variable))
      return `${variable} is in secrets and in environment: leave one of them out`
    const fault = findSecretFault(secret, `secrets.${variable}`)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** The same for one secret. */
export function findSecretFault(secret: unknown, path: string): string | undefined {
  if (isName(secret)) return undefined
  if (!isRecord(secret) || !isName(secret['name']))
    return `${path} must be the name of a secret, or { name, key }; its value stays on the agents`
  const unknown = findUnknownField(secret, ['name', 'key'], `${path}.`)
  if (unknown !== undefined) return unknown
  const { key } = secret
  return key === undefined || isName(key) ? undefined : `${path}.key must be a text`
}
