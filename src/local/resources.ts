/**
 * Arithmetic on what an agent has and a task asks for: scalars in thousandths (Mesos rounds them so), ranges, sets.
 * Reserved, revocable, shared or volume resources keep their decoration as part of their name, so they never match
 * the plain resources of a local agent.
 * Source: apache/mesos docs/attributes-resources.md; src/common/resources.cpp for the printed form.
 */
import type { Resource } from '../mesos/types.generated.ts'

/** One inclusive range. */
export interface Range {
  readonly begin: number
  readonly end: number
}

export type Amount =
  | { readonly kind: 'scalar'; readonly milli: number }
  | { readonly kind: 'ranges'; readonly ranges: readonly Range[] }
  | { readonly kind: 'set'; readonly items: readonly string[] }

/** Amounts by resource name (with decoration, if any). Empty amounts are absent. */
export type Amounts = ReadonlyMap<string, Amount>

export const NO_AMOUNTS: Amounts = new Map()

const MIN_OFFER_MILLI_CPUS = 10
const MIN_OFFER_MILLI_MEM = 32_000

/** Sums resources by name. A resource allocated to another role than `role` is kept apart, by its name. */
export function amountsOf(resources: readonly Resource[] | undefined, role = '*'): Amounts {
  let total: Amounts = NO_AMOUNTS
  for (const resource of resources ?? []) {
    const amount = amountOf(resource)
    if (amount !== undefined) total = addAmounts(total, new Map([[keyOf(resource, role), amount]]))
  }
  return total
}

export function addAmounts(left: Amounts, right: Amounts): Amounts {
  const sum = new Map(left)
  for (const [name, amount] of right) {
    const present = sum.get(name)
    sum.set(name, present === undefined ? amount : addAmount(present, amount))
  }
  return sum
}

/** What of `left` remains without `right`; what `left` lacks is not made negative. */
export function subtractAmounts(left: Amounts, right: Amounts): Amounts {
  const rest = new Map<string, Amount>()
  for (const [name, amount] of left) {
    const taken = right.get(name)
    const remains = taken === undefined ? amount : subtractAmount(amount, taken)
    if (!isEmptyAmount(remains)) rest.set(name, remains)
  }
  return rest
}

export function containsAmounts(left: Amounts, right: Amounts): boolean {
  for (const [name, amount] of right) {
    const present = left.get(name)
    if (present === undefined || !containsAmount(present, amount)) return false
  }
  return true
}

/** Is it worth an offer: at least 0.01 cpus or 32 MB of memory. */
export function isAllocatable(amounts: Amounts): boolean {
  return (
    scalarMilli(amounts, 'cpus') >= MIN_OFFER_MILLI_CPUS ||
    scalarMilli(amounts, 'mem') >= MIN_OFFER_MILLI_MEM
  )
}

/** A scalar's thousandths, 0 when absent. */
export function scalarMilli(amounts: Amounts, name: string): number {
  const amount = amounts.get(name)
  return amount?.kind === 'scalar' ? amount.milli : 0
}

/** The largest share of cpus, mem or disk that `used` is of `total` (0 to 1). */
export function dominantShare(used: Amounts, total: Amounts): number {
  const shares = ['cpus', 'mem', 'disk'].map((name) => {
    const whole = scalarMilli(total, name)
    return whole === 0 ? 0 : scalarMilli(used, name) / whole
  })
  return Math.max(...shares)
}

/** Back to Mesos' form; `decorate` adds what an offer's receiver expects (allocation, role). */
export function toResources(amounts: Amounts, decorate: Partial<Resource> = {}): Resource[] {
  return [...amounts].map(([name, amount]) => ({ ...toResource(name, amount), ...decorate }))
}

/** As Mesos prints it: `cpus(allocated: *):1.8; ports(allocated: *):[31000-32000]`, `{}` when empty. */
export function formatAmounts(amounts: Amounts, role?: string): string {
  const parts = [...amounts].map(([key, amount]) => {
    const cut = key.indexOf('(')
    const name = cut < 0 ? key : key.slice(0, cut)
    const decoration = cut < 0 ? '' : key.slice(cut)
    const isAllocated = role === undefined || decoration.startsWith('(allocated')
    return `${name}${isAllocated ? '' : `(allocated: ${role})`}${decoration}:${formatAmount(amount)}`
  })
  return parts.length === 0 ? '{}' : parts.join('; ')
}

/** Why Mesos would call a list of resources invalid; undefined when it is good. */
export function findResourceError(resources: readonly Resource[]): string | undefined {
  for (const resource of resources) {
    const error = findOneError(resource)
    if (error !== undefined)
      return `Invalid resources: Resource '${resource.name}' is invalid: ${error}`
  }
  return undefined
}

function findOneError(resource: Resource): string | undefined {
  if (resource.name === '') return 'Empty resource name'
  switch (resource.type) {
    case 'SCALAR':
      if (resource.scalar === undefined) return 'Invalid scalar resource'
      return resource.scalar.value >= 0 ? undefined : 'Invalid scalar resource: value < 0'
    case 'RANGES':
      if (resource.ranges === undefined) return 'Invalid ranges resource'
      return (resource.ranges.range ?? []).every(({ begin, end }) => Number(begin) <= Number(end))
        ? undefined
        : 'Invalid ranges resource: begin > end'
    case 'SET':
      return resource.set === undefined ? 'Invalid set resource' : undefined
    default:
      return 'Unsupported resource type'
  }
}

function keyOf(resource: Resource, role: string): string {
  const allocated = resource.allocationInfo?.role
  const reservations = (resource.reservations ?? []).map(
    ({ type, role: of, principal }) =>
      `(${[type, of, principal].filter((part) => part !== undefined).join(',')})`,
  )
  if (resource.role !== undefined && resource.role !== '*') {
    reservations.push(
      `(${resource.reservation === undefined ? 'STATIC' : 'DYNAMIC'},${resource.role})`,
    )
  }
  return [
    resource.name,
    allocated === undefined || allocated === role ? '' : `(allocated: ${allocated})`,
    reservations.length === 0 ? '' : `(reservations: [${reservations.join(', ')}])`,
    resource.disk === undefined ? '' : `([${resource.disk.persistence?.id ?? 'disk'}])`,
    resource.providerId === undefined ? '' : `(provider: ${resource.providerId.value})`,
    resource.revocable === undefined ? '' : '({REV})',
    resource.shared === undefined ? '' : '(<SHARED>)',
  ].join('')
}

function amountOf(resource: Resource): Amount | undefined {
  const amount = readAmount(resource)
  return isEmptyAmount(amount) ? undefined : amount
}

function readAmount(resource: Resource): Amount {
  if (resource.type === 'RANGES') {
    const ranges = (resource.ranges?.range ?? []).map(({ begin, end }) => ({
      begin: Number(begin),
      end: Number(end),
    }))
    return { kind: 'ranges', ranges: mergeRanges(ranges) }
  }
  if (resource.type === 'SET') return { kind: 'set', items: [...new Set(resource.set?.item ?? [])] }
  return { kind: 'scalar', milli: Math.round((resource.scalar?.value ?? 0) * 1000) }
}

function addAmount(left: Amount, right: Amount): Amount {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return { kind: 'scalar', milli: left.milli + right.milli }
  }
  if (left.kind === 'ranges' && right.kind === 'ranges') {
    return { kind: 'ranges', ranges: mergeRanges([...left.ranges, ...right.ranges]) }
  }
  if (left.kind === 'set' && right.kind === 'set') {
    return { kind: 'set', items: [...new Set([...left.items, ...right.items])] }
  }
  return left
}

function subtractAmount(left: Amount, right: Amount): Amount {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return { kind: 'scalar', milli: Math.max(0, left.milli - right.milli) }
  }
  if (left.kind === 'ranges' && right.kind === 'ranges') {
    return { kind: 'ranges', ranges: right.ranges.reduce(cutRange, left.ranges) }
  }
  if (left.kind === 'set' && right.kind === 'set') {
    return { kind: 'set', items: left.items.filter((item) => !right.items.includes(item)) }
  }
  return left
}

function containsAmount(left: Amount, right: Amount): boolean {
  if (left.kind === 'scalar' && right.kind === 'scalar') return left.milli >= right.milli
  if (left.kind === 'ranges' && right.kind === 'ranges') {
    return right.ranges.every(({ begin, end }) =>
      left.ranges.some((range) => range.begin <= begin && end <= range.end),
    )
  }
  if (left.kind === 'set' && right.kind === 'set') {
    return right.items.every((item) => left.items.includes(item))
  }
  return false
}

function isEmptyAmount(amount: Amount): boolean {
  if (amount.kind === 'scalar') return amount.milli === 0
  return amount.kind === 'ranges' ? amount.ranges.length === 0 : amount.items.length === 0
}

function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const range of [...ranges].sort((a, b) => a.begin - b.begin)) {
    const last = merged.at(-1)
    if (last !== undefined && range.begin <= last.end + 1) {
      merged[merged.length - 1] = { begin: last.begin, end: Math.max(last.end, range.end) }
    } else {
      merged.push(range)
    }
  }
  return merged
}

function cutRange(ranges: readonly Range[], cut: Range): Range[] {
  return ranges.flatMap(({ begin, end }) => {
    if (cut.end < begin || end < cut.begin) return [{ begin, end }]
    return [
      { begin, end: cut.begin - 1 },
      { begin: cut.end + 1, end },
    ].filter((piece) => piece.begin <= piece.end)
  })
}

function toResource(name: string, amount: Amount): Resource {
  switch (amount.kind) {
    case 'scalar':
      return { name, type: 'SCALAR', scalar: { value: amount.milli / 1000 } }
    case 'ranges':
      return { name, type: 'RANGES', ranges: { range: [...amount.ranges] } }
    case 'set':
      return { name, type: 'SET', set: { item: [...amount.items] } }
  }
}

function formatAmount(amount: Amount): string {
  switch (amount.kind) {
    case 'scalar':
      return String(amount.milli / 1000)
    case 'ranges':
      return `[${amount.ranges.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`
    case 'set':
      return `{${amount.items.join(', ')}}`
  }
}
