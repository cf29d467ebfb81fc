/**
 * Arithmetic on resources: scalars in thousandths (as Mesos rounds), ranges, sets. Resources of one
 * name with different reservations, volumes, revocable or shared marks have different keys: they
 * are neither added nor subtracted.
 * Source: apache/mesos docs/attributes-resources.md; src/common/resources.cpp (addable,
 * subtractable, contains).
 */
import type { Resource } from '../../mesos/types.generated.ts'
import { shapeOf } from './resource-shape.ts'
import type { Shape } from './resource-shape.ts'

/** One inclusive range. */
interface Range {
  readonly begin: number
  readonly end: number
}

type Value =
  | { readonly kind: 'scalar'; readonly milli: number }
  | { readonly kind: 'ranges'; readonly ranges: readonly Range[] }
  | { readonly kind: 'set'; readonly items: readonly string[] }

/** A value with its shape; a plain resource has none. */
export type Amount = Value & { readonly shape?: Shape }

/** Amounts by key: the name and shape. No amounts are empty. */
export type Amounts = ReadonlyMap<string, Amount>

export const noAmounts: Amounts = new Map()

/** Sums resources by key. One allocated to another role than `role` has a key of its own. */
export function amountsOf(resources: readonly Resource[] | undefined, role = '*'): Amounts {
  const total = new Map<string, Amount>()
  for (const resource of resources ?? []) {
    const value = readValue(resource)
    if (isEmpty(value)) continue
    const { key, shape } = shapeOf(resource, role)
    const present = total.get(key)
    const amount = shape === undefined ? value : { ...value, shape }
    total.set(key, present === undefined ? amount : addAmount(present, amount))
  }
  return total
}

/** The sum, in the order of `left`, then keys of `right` alone. */
export function addAmounts(left: Amounts, right: Amounts): Amounts {
  const sum = new Map(left)
  for (const [key, amount] of right) {
    const present = sum.get(key)
    sum.set(key, present === undefined ? amount : addAmount(present, amount))
  }
  return sum
}

/** The rest of `left` without `right`, never negative. */
export function subtractAmounts(left: Amounts, right: Amounts): Amounts {
  const rest = new Map<string, Amount>()
  for (const [key, amount] of left) {
    const taken = right.get(key)
    const remains = taken === undefined ? amount : subtractAmount(amount, taken)
    if (!isEmpty(remains)) rest.set(key, remains)
  }
  return rest
}

/** True if `left` contains `right`. A persistent volume counts only as a whole. */
export function containsAmounts(left: Amounts, right: Amounts): boolean {
  for (const [key, amount] of right) {
    const present = left.get(key)
    if (present === undefined || !containsAmount(present, amount)) return false
  }
  return true
}

export function filterAmounts(amounts: Amounts, isWanted: (amount: Amount) => boolean): Amounts {
  return new Map([...amounts].filter(([, amount]) => isWanted(amount)))
}

/** Totals of scalars by name in thousandths, reserved ones and volumes included. */
export function scalarTotals(amounts: Amounts): Map<string, number> {
  const totals = new Map<string, number>()
  for (const [key, amount] of amounts) {
    if (amount.kind !== 'scalar') continue
    const name = amount.shape?.name ?? key
    totals.set(name, (totals.get(name) ?? 0) + amount.milli)
  }
  return totals
}

/** Amounts as resources. `decorate` adds fields, such as the allocation. */
export function toResources(amounts: Amounts, decorate: Partial<Resource> = {}): Resource[] {
  return [...amounts].map(([key, amount]) => ({
    ...toResource(key, amount),
    ...decorate,
    ...amount.shape,
  }))
}

function readValue(resource: Resource): Value {
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
    return { ...left, milli: left.milli + right.milli }
  }
  if (left.kind === 'ranges' && right.kind === 'ranges') {
    return { ...left, ranges: mergeRanges([...left.ranges, ...right.ranges]) }
  }
  if (left.kind === 'set' && right.kind === 'set') {
    return { ...left, items: [...new Set([...left.items, ...right.items])] }
  }
  return left
}

/** A volume of another size is another volume. */
function subtractAmount(left: Amount, right: Amount): Amount {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    if (isVolume(left) && left.milli !== right.milli) return left
    return { ...left, milli: Math.max(0, left.milli - right.milli) }
  }
  if (left.kind === 'ranges' && right.kind === 'ranges') {
    return { ...left, ranges: right.ranges.reduce(cutRange, left.ranges) }
  }
  if (left.kind === 'set' && right.kind === 'set') {
    return { ...left, items: left.items.filter((item) => !right.items.includes(item)) }
  }
  return left
}

function containsAmount(left: Amount, right: Amount): boolean {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return isVolume(left) ? left.milli === right.milli : left.milli >= right.milli
  }
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

function isVolume({ shape }: Amount): boolean {
  return shape?.disk?.persistence !== undefined
}

function isEmpty(value: Value): boolean {
  if (value.kind === 'scalar') return value.milli === 0
  return value.kind === 'ranges' ? value.ranges.length === 0 : value.items.length === 0
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
