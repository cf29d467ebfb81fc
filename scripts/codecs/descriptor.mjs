/** The source of the protobufjs JSON descriptor. */
import protobuf from 'protobufjs'

/** One line per level of packages and per message: small diffs without a line per field. */
export function packageSource(scope, indent = '  ') {
  const children = scope.nestedArray.map((child) => {
    const isLeaf = child instanceof protobuf.Type || child instanceof protobuf.Enum
    const source = isLeaf ? JSON.stringify(nodeOf(child)) : packageSource(child, `${indent}  `)
    return `${indent}${JSON.stringify(child.name)}: ${source},\n`
  })
  return `{ nested: {\n${children.join('')}${indent.slice(2)}} }`
}

function nodeOf(type) {
  const edition = type.parent instanceof protobuf.Type ? {} : { edition: 'proto2' }
  if (type instanceof protobuf.Enum) return { ...edition, values: type.values }
  const nested = Object.fromEntries((type.nestedArray ?? []).map((t) => [t.name, nodeOf(t)]))
  const oneofs = Object.fromEntries(type.oneofsArray.map((o) => [o.name, { oneof: o.oneof }]))
  return {
    ...edition,
    ...(type.oneofsArray.length > 0 ? { oneofs } : {}),
    fields: Object.fromEntries(type.fieldsArray.map((field) => [field.name, fieldNode(field)])),
    ...(type.nestedArray.length > 0 ? { nested } : {}),
  }
}

function fieldNode(field) {
  const { default: value, deprecated } = field.options ?? {}
  const options = {
    ...(value === undefined ? {} : { default: value }),
    ...(deprecated ? { deprecated } : {}),
  }
  return {
    ...(field.required ? { rule: 'required' } : field.repeated ? { rule: 'repeated' } : {}),
    ...(field.map ? { keyType: field.keyType } : {}),
    type: field.resolvedType?.fullName ?? field.type,
    id: field.id,
    ...(Object.keys(options).length > 0 ? { options } : {}),
  }
}
