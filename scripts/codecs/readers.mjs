/** The sources of the readers of frequent messages, one file for each encoding. */
import { header, isEnum, mostOf, tagOf, uncapitalized } from './names.mjs'

/** `messages` as `frequentMessages` gives them. */
export function jsonReadersSource(messages) {
  const keys = messages.map(
    ({ reader, fields }) =>
      `const ${keysName(reader)} = keysOf(${JSON.stringify(fields.map((field) => field.wireName))})\n`,
  )
  const imports = `import { keysOf } from './scan/json-keys.ts'
import type { JsonScanner } from './scan/json-scanner.ts'\n`
  return fileSource(messages, { scanner: 'JsonScanner', imports, readerOf: jsonReader, more: keys })
}

export function protobufReadersSource(messages) {
  const imports = `import type { ProtobufScanner } from './scan/protobuf-scanner.ts'\n`
  return fileSource(messages, { scanner: 'ProtobufScanner', imports, readerOf: protobufReader })
}

function fileSource(messages, { scanner, imports, readerOf, more = [] }) {
  const enums = new Set(
    messages.flatMap(({ fields }) => fields.filter(isEnum).map((f) => f.target)),
  )
  const names = scanner === 'JsonScanner' ? 'names' : 'byNumber'
  const parameters = scanner === 'JsonScanner' ? '' : ', stop: number'
  return [
    header,
    `${imports}import { shapeOf } from './scan/shape-of.ts'\nimport { unusual } from './scan/unusual.ts'\nimport { enumOf } from './schema.ts'\nimport type { PlainMessage } from './schema.ts'\n`,
    `/** Reads one message; throws \`unusual\` if this is left to reading by plan. */
export type Read = (scanner: ${scanner}${parameters}) => PlainMessage\n`,
    ...[...enums].map((name) => `const ${enumName(name)} = enumOf('${name}').${names}\n`),
    ...more,
    ...messages.map(shapeSource),
    ...messages.filter(hasBodies).map(bodiesSource),
    ...messages.map(readerOf),
    `/** By the full name of the message. */
export const frequent: Readonly<Record<string, Read | undefined>> = {
${messages.map(({ fullName, reader }) => `  '${fullName}': ${reader},\n`).join('')}}\n`,
  ].join('\n')
}

function jsonReader(message) {
  const { reader, fields } = message
  const keys = keysName(reader)
  const cases = fields.map(
    (field, place) => `      case ${place}:
        ${field.repeated ? jsonList(field) : setSource(field, jsonValue(field))}
        break
`,
  )
  return `function ${reader}(scanner: JsonScanner): PlainMessage {
${localsSource(fields)}  let others: string | undefined
  for (let place = scanner.firstKey(${keys}); place >= 0; place = scanner.nextKey(${keys}, place)) {
    switch (place) {
${cases.join('')}      default:
        others = scanner.other(others)
    }
  }
${endSource(message)}}
`
}

function jsonList(field) {
  return `if (scanner.hasItems()) {
          ${local(field)} = []
          do ${local(field)}.push(${jsonValue(field)})
          while (scanner.hasMore())
        } else ${local(field)} = undefined`
}

function jsonValue({ kind, reader, target, isOwn }) {
  if (kind === 'message') return `${reader}(scanner)`
  if (kind === 'enum') return `scanner.name(${enumName(target)})`
  if (kind === 'string') return isOwn ? 'scanner.ownText()' : 'scanner.text()'
  if (kind === 'double') return 'scanner.number()'
  if (kind === 'bool') return 'scanner.bool()'
  if (kind === 'bytes') return 'scanner.base64()'
  return `scanner.integer(${mostOf(kind)})`
}

function protobufReader(message) {
  const { reader, fields } = message
  const cases = fields.map(
    (field) => `      case ${tagOf(field)}:
        ${field.repeated ? protobufList(field) : protobufField(field)}
        break
`,
  )
  return `function ${reader}(scanner: ProtobufScanner, stop: number): PlainMessage {
${localsSource(fields)}  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
${cases.join('')}      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
${endSource(message)}}
`
}

function protobufList(field) {
  const value = protobufValue(field)
  return `if (${local(field)} === undefined) ${local(field)} = [${value}]
        else ${local(field)}.push(${value})`
}

/** A message that comes twice is merged, by plan. */
function protobufField(field) {
  const once =
    field.kind === 'message' ? `if (${local(field)} !== undefined) throw unusual\n        ` : ''
  return `${once}${setSource(field, protobufValue(field))}`
}

function setSource(field, value) {
  const set = `${local(field)} = ${value}`
  return field.isNested ? `scanner.goDown()\n        ${set}\n        scanner.goUp()` : set
}

function protobufValue({ kind, reader, target, isOwn }) {
  if (kind === 'message') return `${reader}(scanner, scanner.endOfNext(stop))`
  if (kind === 'enum') return `scanner.name(${enumName(target)})`
  if (kind === 'string') return `scanner.${isOwn ? 'ownText' : 'text'}(stop)`
  if (kind === 'bytes') return 'scanner.base64(stop)'
  if (kind === 'double') return 'scanner.double(stop)'
  if (kind === 'bool') return 'scanner.bool()'
  return `scanner.integer(${mostOf(kind)})`
}

function localsSource(fields) {
  return fields
    .map((field) => `  let ${local(field)}: unknown${field.repeated ? '[] | undefined' : ''}\n`)
    .join('')
}

/** Makes the object, and leaves to reading by plan what is incomplete. */
function endSource(message) {
  const { fullName, reader, fields } = message
  const required = fields.filter((field) => field.required)
  const isMissing = required.map((field) => `${local(field)} === undefined`).join(' || ')
  return [
    ...(isMissing ? [`  if (${isMissing}) throw unusual\n`] : []),
    `  const plain = new ${shapeName(reader)}(${fields.map(local).join(', ')})\n`,
    `  if (others !== undefined) scanner.addOthers('${fullName}', plain, others)\n`,
    ...(hasBodies(message) ? [unionSource(message)] : []),
    '  return plain\n',
  ].join('')
}

/**
 * A constructor for plain objects of one message: V8 gives them room for all their fields at once. A
 * literal that grows is copied again and again. Keys are in order of their numbers, unset fields absent.
 */
function shapeSource({ reader, fields }) {
  const parameters = fields.map((field) => `${local(field)}: unknown`).join(', ')
  const sets = fields.map((field) =>
    field.required
      ? `  this['${field.name}'] = ${local(field)}\n`
      : `  if (${local(field)} !== undefined) this['${field.name}'] = ${local(field)}\n`,
  )
  return `const ${shapeName(reader)} = shapeOf(function (this: PlainMessage, ${parameters}) {
${sets.join('')}})\n`
}

function hasBodies({ union }) {
  return union !== undefined
}

/** A union without its type, or without the message of its type, is read by plan. */
function unionSource({ reader }) {
  return `  const body = ${bodiesName(reader)}[String(plain['type'])]
  if (body === undefined || (body !== '' && plain[body] === undefined)) throw unusual
`
}

function bodiesSource({ reader, bodies }) {
  const entries = Object.entries(bodies).map(([type, name]) => `  ${type}: '${name}',\n`)
  return `/** By type: the field that comes with it. */
const ${bodiesName(reader)}: Readonly<Record<string, string | undefined>> = {\n${entries.join('')}}\n`
}

/** A variable is named as its field, unless the reader has others of these names. */
function local({ name }) {
  return ['scanner', 'stop', 'start', 'tag', 'place', 'others', 'plain', 'body'].includes(name)
    ? `${name}Field`
    : name
}

function keysName(reader) {
  return `${uncapitalized(reader)}Keys`
}

function shapeName(reader) {
  return reader.replace(/^read/, '')
}

function bodiesName(reader) {
  return `${uncapitalized(reader)}Bodies`
}

function enumName(fullName) {
  return `${uncapitalized(fullName.replace('mesos.v1.', 'of.').replaceAll('.', ''))}`
}
