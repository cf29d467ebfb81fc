/**
 * Generates the files *.generated.ts in src/mesos from src/mesos/proto: types, descriptor, readers and
 * writers of frequent messages. The same protos give the same bytes. With --check it writes nothing, names the
 * files that are stale, and exits 1 if there are any.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { packageSource } from './codecs/descriptor.mjs'
import { frequentMessages, readMessages, writtenMessages } from './codecs/messages.mjs'
import { jsonReadersSource, protobufReadersSource } from './codecs/readers.mjs'
import { jsonWritersSource, protobufWritersSource } from './codecs/writers.mjs'

const mesosFolder = fileURLToPath(new URL('../src/mesos/', import.meta.url))
const header = '// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.\n'

/** Messages that become a union on `type`; the calls listed need no message of their name. */
const unions = {
  '.mesos.v1.scheduler.Call': { bare: ['REVIVE', 'SUPPRESS'] },
  '.mesos.v1.scheduler.Event': { keepsUnknown: true },
  '.mesos.v1.executor.Call': {},
  '.mesos.v1.executor.Event': { keepsUnknown: true },
  '.mesos.v1.Offer.Operation': { keepsUnknown: true },
  '.mesos.v1.master.Call': {},
  '.mesos.v1.master.Response': { keepsUnknown: true },
  '.mesos.v1.master.Event': { keepsUnknown: true },
  '.mesos.v1.agent.Call': {},
  '.mesos.v1.agent.Response': { keepsUnknown: true },
}

const scalars = {
  bool: 'boolean',
  bytes: 'Base64',
  double: 'number',
  float: 'number',
  int32: 'number',
  uint32: 'number',
  int64: 'Int64',
  uint64: 'Int64',
  string: 'string',
}

const root = loadRoot()
const types = listTypes(root)
const names = nameTypes(types)
put('types.generated.ts', typesSource())
put('encoding/descriptor.generated.ts', descriptorSource())
const read = frequentMessages(root, unions, readMessages)
put('encoding/json-readers.generated.ts', jsonReadersSource(read))
put('encoding/protobuf-readers.generated.ts', protobufReadersSource(read))
const written = frequentMessages(root, unions, writtenMessages)
put('encoding/json-writers.generated.ts', jsonWritersSource(written))
put('encoding/protobuf-writers.generated.ts', protobufWritersSource(written))

function put(name, source) {
  const path = `${mesosFolder}${name}`
  if (!process.argv.includes('--check')) writeFileSync(path, source)
  else if (readFileSync(path, 'utf8') !== source) {
    console.error(`src/mesos/${name} is stale: npm run gen`)
    process.exitCode = 1
  }
}

function loadRoot() {
  const loaded = new protobuf.Root()
  loaded.resolvePath = (_origin, target) => `${mesosFolder}proto/${target}`
  const options = { keepCase: true, alternateCommentMode: true }
  loaded.loadSync(['mesos', 'scheduler', 'executor', 'master', 'agent'].map(fileOf), options)
  return loaded.resolveAll()
}

function fileOf(name) {
  return `${name}.proto`
}

function listTypes(scope) {
  return scope.nestedArray.flatMap((child) => {
    if (child instanceof protobuf.Enum) return [child]
    return [...(child instanceof protobuf.Type ? [child] : []), ...listTypes(child)]
  })
}

/**
 * `.mesos.v1.scheduler.Event.Offers` is SchedulerEventOffers, `.mesos.v1.Offer.Operation`
 * OfferOperation.
 */
function nameTypes(all) {
  const byType = new Map()
  const taken = new Map()
  for (const type of all) {
    const path = type.fullName.replace('.mesos.v1.', '').split('.')
    const name = path.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')
    if (taken.has(name)) throw new Error(`${type.fullName} and ${taken.get(name)} are both ${name}`)
    taken.set(name, type.fullName)
    byType.set(type, name)
  }
  return byType
}

function typesSource() {
  const messages = types.filter((type) => type instanceof protobuf.Type)
  const entries = messages.map((type) => `  '${type.fullName.slice(1)}': ${names.get(type)}\n`)
  return [
    header,
    '/** 64 bits wide: a number while that is exact, else decimal digits. `Number(value)` takes both. */\n' +
      'export type Int64 = number | string\n',
    '/** Bytes, in the standard base64 alphabet with padding. */\nexport type Base64 = string\n',
    ...types.map(typeSource),
    `/** Every message by its full name. */\nexport interface MesosMessages {\n${entries.join('')}}\n`,
  ].join('\n')
}

function typeSource(type) {
  const doc = docOf(type)
  if (type instanceof protobuf.Enum) return doc + enumSource(type)
  if (type.fullName in unions) return doc + unionSource(type, unions[type.fullName])
  if (type.fieldsArray.length === 0) {
    return `${doc}export type ${names.get(type)} = Readonly<Record<string, never>>\n`
  }
  const fields = type.fieldsArray.map((field) => `${fieldDoc(field)}  ${fieldSource(field)}\n`)
  return `${doc}export interface ${names.get(type)} {\n${fields.join('')}}\n`
}

function docOf(type) {
  const text = type.comment?.replace(/\s*\n\s*/g, ' ').replace(/---- .* ----\s*/, '')
  return text ? `/** ${text} */\n` : ''
}

function fieldDoc(field) {
  const { deprecated, default: value } = field.options ?? {}
  const notes = [
    value === undefined ? '' : `Mesos takes ${JSON.stringify(value)} when unset.`,
    deprecated ? '@deprecated by Mesos' : '',
  ].filter(Boolean)
  return notes.length > 0 ? `  /** ${notes.join(' ')} */\n` : ''
}

function fieldSource(field, required = field.required) {
  return `readonly ${protobuf.util.camelCase(field.name)}${required ? '' : '?'}: ${fieldType(field)}`
}

function fieldType(field) {
  const type = field.resolvedType ? names.get(field.resolvedType) : scalars[field.type]
  if (!type) throw new Error(`${field.fullName}: no TypeScript type for ${field.type}`)
  if (field.map) return `Readonly<Record<string, ${type}>>`
  return field.repeated ? `readonly ${type}[]` : type
}

function enumSource(type) {
  const values = Object.keys(type.values).map((value) => `\n  | '${value}'`)
  return `export type ${names.get(type)} =${values.join('')}\n`
}

/**
 * One member per enum value: the field of the same name is required, the other fields of the union
 * are absent.
 */
function unionSource(type, { bare = [], keepsUnknown = false }) {
  const cases = Object.keys(type.fields.type.resolvedType.values)
  const isCase = (field) => cases.includes(field.name.toUpperCase())
  const common = type.fieldsArray.filter((field) => field.name !== 'type' && !isCase(field))
  const members = cases.map((value) => {
    const own = type.fields[value.toLowerCase()]
    const parts = [`readonly type: '${value}'`, ...common.map((field) => fieldSource(field))]
    if (own) parts.push(fieldSource(own, !bare.includes(value)))
    if (value === 'UNKNOWN' && keepsUnknown) parts.push('readonly unknownType?: string')
    return `\n  | { ${parts.join('; ')} }`
  })
  return `export type ${names.get(type)} =${members.join('')}\n`
}

function descriptorSource() {
  return [
    header,
    `/** One node of a protobufjs JSON descriptor: a namespace, message or enum. */
export interface DescriptorNode {
  readonly edition?: string
  readonly nested?: Readonly<Record<string, DescriptorNode>>
  readonly fields?: Readonly<Record<string, DescriptorField>>
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>
  readonly values?: Readonly<Record<string, number>>
}
`,
    `/** One field; the type of a message or enum is its full name with a leading dot. */
export interface DescriptorField {
  readonly type: string
  readonly id: number
  readonly rule?: 'required' | 'repeated'
  readonly keyType?: string
  readonly options?: { readonly default?: string | number | boolean; readonly deprecated?: boolean }
}
`,
    `/** src/mesos/proto as protobufjs' \`Root.fromJSON\` takes it: a bundle needs no .proto file. */
export const descriptor: DescriptorNode = ${packageSource(root)}
`,
    `/** A message that is a union on \`type\`; \`keepsUnknown\` says that newer types decode as UNKNOWN. */
export interface UnionNode {
  readonly keepsUnknown: boolean
  readonly bodies: Readonly<Record<string, string>>
}
`,
    `/** The unions by full name, with the field that each type has to come with. */
export const unions: Readonly<Record<string, UnionNode>> = ${unionsSource()}
`,
  ].join('\n')
}

/** Per union: the wire name of the message that each type requires. */
function unionsSource() {
  const entries = Object.entries(unions).map(([fullName, { bare = [], keepsUnknown = false }]) => {
    const type = root.lookupType(fullName)
    const cases = Object.keys(type.fields.type.resolvedType.values)
    const bodies = cases
      .filter((value) => type.fields[value.toLowerCase()] && !bare.includes(value))
      .map((value) => [value, value.toLowerCase()])
    return `  ${JSON.stringify(fullName.slice(1))}: ${JSON.stringify({ keepsUnknown, bodies: Object.fromEntries(bodies) })},\n`
  })
  return `{\n${entries.join('')}}`
}
