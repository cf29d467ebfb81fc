/** The sources of the writers of frequent messages, one file for each encoding. */
import { header, isEnum, mostOf, tagOf, uncapitalized } from './names.mjs'

/** `messages` as `frequentMessages` gives them. */
export function jsonWritersSource(messages) {
  const keys = new Set(messages.flatMap(({ fields }) => fields.map((field) => field.wireName)))
  return fileSource(messages, {
    sink: 'JsonSink',
    writerOf: jsonWriter,
    more: [...keys].map((key) => `const ${keyName(key)} = Buffer.from('"${key}":')\n`),
  })
}

export function protobufWritersSource(messages) {
  return fileSource(messages, {
    sink: 'ProtobufSink',
    writerOf: protobufWriter,
    more: [`import { unknownFieldsOf } from './unknown-fields.ts'\n`],
  })
}

function fileSource(messages, { sink, writerOf, more }) {
  const enums = new Set(
    messages.flatMap(({ fields }) => fields.filter(isEnum).map((f) => f.target)),
  )
  const file = sink === 'JsonSink' ? 'json-sink' : 'protobuf-sink'
  return [
    header,
    `import type { ${sink} } from './print/${file}.ts'
import { asList, asMessage } from './print/sink.ts'
import { unusual } from './scan/unusual.ts'
import { enumOf } from './schema.ts'\n`,
    ...more,
    `/** Writes one message; throws \`unusual\` if this is left to writing by plan. */
export type Write = (sink: ${sink}, value: unknown) => void\n`,
    ...[...enums].map((name) => `const ${enumName(name)} = enumOf('${name}').byName\n`),
    ...messages.map(writerOf),
    `/** By the full name of the message. */
export const frequent: Readonly<Record<string, Write | undefined>> = {
${messages.map((message) => `  '${message.fullName}': ${writer(message.reader)},\n`).join('')}}\n`,
  ].join('\n')
}

function jsonWriter(message) {
  const members = message.fields.filter(isWritten).map((field) => {
    const set = field.repeated
      ? `const list = asList(${local(field)})
    if (list.length > 0) {
      sink.key(${keyName(field.wireName)})
      sink.openList()
      for (const item of list) ${jsonValue(field, 'item')}
      sink.closeList()
    }`
      : `sink.key(${keyName(field.wireName)})
    ${shared(field, jsonValue(field, local(field)))}`
    return memberSource(field, set)
  })
  return writerSource(
    message,
    'JsonSink',
    `  sink.openObject()\n${members.join('')}  sink.closeObject()\n`,
  )
}

function jsonValue({ kind, reader, target }, value) {
  if (kind === 'message') return `${writer(reader)}(sink, ${value})`
  if (kind === 'enum') return `sink.name(${enumName(target)}, ${value})`
  if (kind === 'string') return `sink.text(${value})`
  if (kind === 'bytes') return `sink.base64(${value})`
  if (kind === 'double' || kind === 'bool') return `sink.${kind}(${value})`
  return `sink.integer(${value}, ${mostOf(kind)})`
}

function protobufWriter(message) {
  const members = message.fields.filter(isWritten).map((field) => {
    const set = field.repeated
      ? `for (const item of asList(${local(field)})) ${protobufValue(field, 'item')}`
      : shared(field, protobufValue(field, local(field)))
    return memberSource(field, set)
  })
  const unknown = '  for (const field of unknownFieldsOf(message)) sink.raw(field)\n'
  return writerSource(message, 'ProtobufSink', `${members.join('')}${unknown}`)
}

function protobufValue(field, value) {
  const { kind, reader, target } = field
  const tag = tagOf(field)
  if (kind === 'message') {
    // The length of the others is mostly below 128.
    const room = ['mesos.v1.TaskInfo', 'mesos.v1.ExecutorInfo'].includes(target) ? 2 : 1
    return `{
      const start = sink.openMessage(${tag}, ${room})
      ${writer(reader)}(sink, ${value})
      sink.closeMessage(start, ${room})
    }`
  }
  if (kind === 'enum') return `sink.name(${tag}, ${enumName(target)}, ${value})`
  if (kind === 'string') return `sink.text(${tag}, ${value})`
  if (kind === 'bytes') return `sink.base64(${tag}, ${value})`
  if (kind === 'double' || kind === 'bool') return `sink.${kind}(${tag}, ${value})`
  return `sink.integer(${tag}, ${value}, ${mostOf(kind)})`
}

function shared(field, set) {
  return field.shared >= 0
    ? `sink.again(${field.shared}, ${local(field)}, () => ${set.startsWith('{') ? set : `{ ${set} }`})`
    : set
}

function memberSource(field, set) {
  return `  const ${local(field)} = message['${field.name}']
  if (${local(field)} !== undefined) {
    ${set}
  }${field.required ? ' else throw unusual' : ''}
`
}

function writerSource({ reader, fields, others }, sink, body) {
  const left = [...others, ...fields.filter((field) => !isWritten(field)).map(({ name }) => name)]
  const isLeft = left.map((name) => `message['${name}'] !== undefined`).join(' || ')
  return `function ${writer(reader)}(sink: ${sink}, value: unknown): void {
  const message = asMessage(value)
${isLeft === '' ? '' : `  if (${isLeft}) throw unusual\n`}${body}}
`
}

/** An object that contains one of its kind may contain itself: writing by plan limits the depth. */
function isWritten({ isNested }) {
  return !isNested
}

function local({ name }) {
  return ['arguments', 'message', 'sink', 'value', 'list', 'item', 'start'].includes(name)
    ? `${name}Field`
    : name
}

function keyName(key) {
  return `key_${key}`
}

/** `readTaskInfo` is `writeTaskInfo`. */
function writer(reader) {
  return reader.replace(/^read/, 'write')
}

function enumName(fullName) {
  return uncapitalized(fullName.replace('mesos.v1.', '').replaceAll('.', ''))
}
