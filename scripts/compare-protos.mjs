/**
 * Compares src/mesos/proto with an independent copy of the v1 protos, message by message.
 *
 *   node scripts/compare-protos.mjs [DIR]
 *
 * DIR contains mesos.proto and one folder per API: scheduler/scheduler.proto and so on. The default
 * is the folder of Debian's golang-github-mesos-mesos-go-dev; without that package the comparison
 * is skipped with status 0. Fields that only ours has are listed as newer. A difference, or a field
 * that ours lacks in a message, is an error: status 1. Comments, order and `deprecated` are not
 * compared.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const debianPackage = 'golang-github-mesos-mesos-go-dev'
const debianFolder = '/usr/share/gocode/src/github.com/mesos/mesos-go/api/v1/lib'
const ourFolder = fileURLToPath(new URL('../src/mesos/proto', import.meta.url))
const theirFolder = process.argv[2] ?? debianFolder

if (process.argv[2] === undefined && !existsSync(debianFolder)) {
  console.log(`skipped: needs ${debianPackage} (apt-get install ${debianPackage})`)
} else {
  const apis = ['scheduler', 'executor', 'allocator', 'maintenance', 'quota', 'master', 'agent']
  const ours = load(ourFolder, ['mesos', 'operator', ...apis])
  report(ours, compare(ours, load(theirFolder, ['mesos', ...apis.map((api) => `${api}/${api}`)])))
}

/** Every message and enum by its name below mesos.v1 (the copy may call that package mesos). */
function load(folder, files) {
  const root = protobuf.Root.fromJSON(protobuf.common.get('google/protobuf/duration.proto'))
  for (const file of files) {
    protobuf.parse(readFileSync(join(folder, `${file}.proto`), 'utf8'), root, { keepCase: true })
  }
  root.resolveAll()
  return new Map(listTypes(root).map((type) => [nameOf(type), type]))
}

function listTypes(scope) {
  return scope.nestedArray.flatMap((child) => {
    if (child instanceof protobuf.Enum) return [child]
    if (!(child instanceof protobuf.Namespace)) return []
    return [...(child instanceof protobuf.Type ? [child] : []), ...listTypes(child)]
  })
}

function nameOf(type) {
  return type.fullName.replace(/^\.mesos\.(v1\.)?/, '')
}

function compare(ours, theirs) {
  const newer = []
  const wrong = []
  for (const [name, type] of ours) {
    const other = theirs.get(name)
    if (other === undefined) newer.push(name)
    else compareParts(name, factsOf(type), factsOf(other), newer, wrong)
  }
  return { newer, wrong }
}

function compareParts(name, ours, theirs, newer, wrong) {
  for (const [part, fact] of ours) {
    const other = theirs.get(part)
    if (other === undefined) newer.push(`${name}.${part}`)
    else if (other !== fact) wrong.push(`${name}.${part}: ${fact} here, ${other} there`)
  }
  for (const [part, fact] of theirs) {
    if (!ours.has(part)) wrong.push(`${name}.${part}: missing here, ${fact} there`)
  }
}

/** One line of facts per field, or per enum value. */
function factsOf(type) {
  if (type instanceof protobuf.Enum) {
    const values = Object.entries(type.values)
    // The first value is the default of an unset field.
    return new Map(
      values.map(([name, id], index) => [name, index === 0 ? `${id}, first` : `${id}`]),
    )
  }
  return new Map(type.fieldsArray.map((field) => [field.name, factOf(field)]))
}

function factOf(field) {
  const label = field.required ? 'required' : field.repeated ? 'repeated' : 'optional'
  const valueType = field.resolvedType ? nameOf(field.resolvedType) : field.type
  const type = field.map ? `map<${field.keyType}, ${valueType}>` : valueType
  const value = field.options?.default
  const oneof = field.partOf ? ` in oneof ${field.partOf.name}` : ''
  const packed = field.options?.packed ? ' packed' : ''
  return `${label} ${type} = ${field.id}${oneof}${packed}${value === undefined ? '' : ` default ${value}`}`
}

function report(ours, { newer, wrong }) {
  for (const line of newer) console.log(`newer here: ${line}`)
  for (const line of wrong) console.log(`differs: ${line}`)
  const count = `${ours.size} messages and enums compared with ${theirFolder}`
  console.log(`${count}: ${wrong.length} differences, ${newer.length} newer here`)
  if (wrong.length > 0) process.exitCode = 1
}
