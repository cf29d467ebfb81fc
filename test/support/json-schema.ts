/** Checks the output of `--json` by the schemas of the package. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

export interface EventsSchema {
  readonly oneOf: readonly { readonly title: string }[]
}

export function readSchema(name: string): EventsSchema {
  const file = new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as EventsSchema
}

/** Why a value does not have the schema's form; empty if it does. */
export function faultsOf(name: string): (value: unknown) => readonly string[] {
  const ajv = new Ajv2020({ strict: false, discriminator: true })
  const validate = ajv.compile(readSchema(name))
  return (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
