import { JarcastError } from '../../errors.ts'
import { descriptor, unions } from './descriptor.generated.ts'
import type { DescriptorField, DescriptorNode } from './descriptor.generated.ts'

/** A message as plain data, its type unknown to TypeScript. */
export type PlainMessage = Record<string, unknown>

/**
 * The encoding of one value of a field. `map` has string keys, and the plan of its values in
 * `entry`.
 */
export type FieldKind =
  | 'bool'
  | 'bytes'
  | 'double'
  | 'enum'
  | 'int32'
  | 'int64'
  | 'map'
  | 'message'
  | 'string'
  | 'uint32'
  | 'uint64'

/** What the codecs need to know about a field, computed once. */
export interface FieldPlan {
  readonly id: number
  /** Name in memory: camelCase. */
  readonly name: string
  /** Name in .proto and JSON: snake_case. */
  readonly wireName: string
  readonly kind: FieldKind
  /** Protobuf wire type of one value: 0 varint, 1 eight bytes, 2 length and bytes. */
  readonly wireType: number
  /** The tag before one value. */
  readonly tag: number
  readonly required: boolean
  readonly repeated: boolean
  /** Names in memory of the other members of its oneof. */
  readonly rivals: readonly string[]
  /** Mesos' default for the unset field, as written into JSON. Deprecated fields have none here. */
  readonly defaultValue: string | number | boolean | undefined
  readonly message: MessagePlan | undefined
  readonly enumeration: EnumPlan | undefined
  readonly entry: FieldPlan | undefined
}

export interface EnumPlan {
  /** Each name by itself: the same string for all messages. */
  readonly names: ReadonlyMap<string, string>
  readonly byName: ReadonlyMap<string, number>
  readonly byNumber: ReadonlyMap<number, string>
}

export interface UnionPlan {
  readonly keepsUnknown: boolean
  /** By value of `type`: the field that is required with it. */
  readonly bodies: ReadonlyMap<string, FieldPlan>
}

export interface MessagePlan {
  readonly fullName: string
  /** By field number, which is also the order of keys in memory. */
  readonly fields: readonly FieldPlan[]
  readonly byId: readonly (FieldPlan | undefined)[]
  readonly requiredNames: readonly string[]
  readonly union: UnionPlan | undefined
}

/** A plan that is made when it is first used: most programs use few of the messages. */
class LazyPlan implements MessagePlan {
  readonly fullName: string
  readonly #node: DescriptorNode
  #made: Omit<MessagePlan, 'fullName'> | undefined

  constructor(fullName: string, node: DescriptorNode) {
    this.fullName = fullName
    this.#node = node
  }

  get fields(): readonly FieldPlan[] {
    return this.#plan.fields
  }

  get byId(): readonly (FieldPlan | undefined)[] {
    return this.#plan.byId
  }

  get requiredNames(): readonly string[] {
    return this.#plan.requiredNames
  }

  get union(): UnionPlan | undefined {
    return this.#plan.union
  }

  get #plan(): Omit<MessagePlan, 'fullName'> {
    return (this.#made ??= makePlan(this.fullName, this.#node))
  }
}

const messages = new Map<string, MessagePlan>()
const enumValues = new Map<string, Readonly<Record<string, number>>>()
const enums = new Map<string, EnumPlan>()

collect(descriptor, '')

/**
 * The plan of a message, by full name without a leading dot.
 * Throws MESSAGE_INVALID for an unknown name.
 */
export function planOf(fullName: string): MessagePlan {
  const plan = messages.get(fullName)
  if (plan === undefined) throw new JarcastError('MESSAGE_INVALID', `Unknown message: ${fullName}`)
  return plan
}

/** The values of an enum, by full name. Throws MESSAGE_INVALID for an unknown name. */
export function enumOf(fullName: string): EnumPlan {
  const known = enums.get(fullName)
  if (known !== undefined) return known
  const values = enumValues.get(fullName)
  if (values === undefined) throw new JarcastError('MESSAGE_INVALID', `Unknown enum: ${fullName}`)
  const plan = enumPlan(values)
  enums.set(fullName, plan)
  return plan
}

function collect(node: DescriptorNode, fullName: string): void {
  if (node.values !== undefined) enumValues.set(fullName, node.values)
  if (node.fields !== undefined) messages.set(fullName, new LazyPlan(fullName, node))
  for (const [name, child] of Object.entries(node.nested ?? {})) {
    collect(child, fullName === '' ? name : `${fullName}.${name}`)
  }
}

function enumPlan(values: Readonly<Record<string, number>>): EnumPlan {
  const entries = Object.entries(values)
  return {
    names: new Map(entries.map(([name]) => [name, name])),
    byName: new Map(entries),
    byNumber: new Map(entries.map(([name, number]) => [number, name])),
  }
}

function makePlan(fullName: string, node: DescriptorNode): Omit<MessagePlan, 'fullName'> {
  const oneofs = Object.values(node.oneofs ?? {}).map(({ oneof }) => oneof)
  const fields = Object.entries(node.fields ?? {})
    .map(([wireName, field]) => {
      const rivals = oneofs.find((names) => names.includes(wireName)) ?? []
      return fieldPlan(wireName, field, rivals.filter((name) => name !== wireName).map(camelCase))
    })
    .sort((a, b) => a.id - b.id)
  const byId: (FieldPlan | undefined)[] = Array.from({ length: (fields.at(-1)?.id ?? 0) + 1 })
  for (const field of fields) byId[field.id] = field
  const requiredNames = fields.filter((field) => field.required).map((field) => field.name)
  return { fields, byId, requiredNames, union: unionPlan(fullName, fields) }
}

function fieldPlan(wireName: string, field: DescriptorField, rivals: readonly string[]): FieldPlan {
  const typeName = field.type.slice(1)
  const kind = field.keyType === undefined ? kindOf(field) : 'map'
  const wireType = wireTypeOf(kind)
  const base = { required: false, repeated: false, rivals: [], defaultValue: undefined }
  return {
    id: field.id,
    name: camelCase(wireName),
    wireName,
    kind,
    wireType,
    tag: (field.id << 3) | wireType,
    required: field.rule === 'required',
    repeated: field.rule === 'repeated',
    rivals,
    defaultValue: field.options?.deprecated ? undefined : field.options?.default,
    message: kind === 'message' ? messages.get(typeName) : undefined,
    enumeration: kind === 'enum' ? enumOf(typeName) : undefined,
    entry:
      kind === 'map'
        ? { ...fieldPlan('value', { type: field.type, id: 2 }, []), ...base }
        : undefined,
  }
}

function kindOf(field: DescriptorField): FieldKind {
  if (!field.type.startsWith('.')) return field.type as FieldKind
  return messages.has(field.type.slice(1)) ? 'message' : 'enum'
}

function wireTypeOf(kind: FieldKind): number {
  if (kind === 'double') return 1
  return kind === 'string' || kind === 'bytes' || kind === 'message' || kind === 'map' ? 2 : 0
}

function unionPlan(fullName: string, fields: readonly FieldPlan[]): UnionPlan | undefined {
  const union = unions[fullName]
  if (union === undefined) return undefined
  const bodies = new Map<string, FieldPlan>()
  for (const [type, wireName] of Object.entries(union.bodies)) {
    const field = fields.find((candidate) => candidate.wireName === wireName)
    if (field !== undefined) bodies.set(type, field)
  }
  return { keepsUnknown: union.keepsUnknown, bodies }
}

function camelCase(wireName: string): string {
  return wireName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
