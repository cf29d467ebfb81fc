/** Fields of an agent for placement rules: its host, region, zone and attributes. */
import { RE2JS } from 're2js'
import type { Attribute, Offer, ValueRange } from '../../mesos/types.generated.ts'

const maxPatternLength = 256
const maxCompiled = 1000
/** Compiled once: each offer is matched against the same few patterns. */
const compiled = new Map<string, RE2JS>()

/** True when the agent's field has this value. */
export function isField(
  { attributes = [], ...offer }: Offer,
  field: string,
  value: string | number,
): boolean {
  const own = ownField(offer, field)
  if (own !== undefined) return own === String(value)
  return attributes.some((attribute) => attribute.name === field && isAttribute(attribute, value))
}

/** True when a value of the agent's field matches the whole pattern. */
export function isFieldLike(offer: Offer, field: string, pattern: string): boolean {
  const expression = compile(pattern)
  return textsOf(offer, field).some((text) => expression.matches(text))
}

/** The text by which tasks on this agent are counted; undefined if it lacks the field. */
export function fieldText(offer: Offer, field: string): string | undefined {
  return textsOf(offer, field).at(-1)
}

/** Why a pattern cannot be used; undefined if it can. RE2 matches in linear time. */
export function findPatternFault(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength) return `must have at most ${maxPatternLength} characters`
  try {
    compile(pattern)
    return undefined
  } catch (error) {
    return `is not a regular expression of RE2: ${error instanceof Error ? error.message : String(error)}`
  }
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const expression = RE2JS.compile(pattern)
  if (compiled.size >= maxCompiled) compiled.clear()
  compiled.set(pattern, expression)
  return expression
}

/** The items of a set attribute, and last the attribute as Mesos prints it. */
function textsOf(offer: Offer, field: string): readonly string[] {
  const own = ownField(offer, field)
  if (own !== undefined) return [own]
  const attribute = offer.attributes?.find(({ name }) => name === field)
  if (attribute === undefined) return []
  const { scalar, ranges, set, text } = attribute
  if (scalar !== undefined) return [String(rounded(scalar.value))]
  if (ranges !== undefined) return [`[${(ranges.range ?? []).map(rangeText).join(',')}]`]
  if (set !== undefined) return [...(set.item ?? []), `{${(set.item ?? []).join(',')}}`]
  return [text?.value ?? '']
}

function ownField(
  { hostname, domain }: Omit<Offer, 'attributes'>,
  field: string,
): string | undefined {
  if (field === 'hostname' || field === '@hostname') return hostname
  if (field === '@region') return domain?.faultDomain?.region.name
  return field === '@zone' ? domain?.faultDomain?.zone.name : undefined
}

function isAttribute({ scalar, ranges, set, text }: Attribute, value: string | number): boolean {
  const number = typeof value === 'number' || value.trim() !== '' ? Number(value) : Number.NaN
  if (scalar !== undefined) return rounded(scalar.value) === rounded(number)
  if (ranges !== undefined) return (ranges.range ?? []).some((range) => isWithin(range, number))
  if (set !== undefined) return set.item?.includes(String(value)) ?? false
  return text?.value === String(value)
}

function isWithin({ begin, end }: ValueRange, number: number): boolean {
  return Number(begin) <= number && number <= Number(end)
}

function rangeText({ begin, end }: ValueRange): string {
  return `${begin}-${end}`
}

/** Scalars of Mesos have three decimals. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
