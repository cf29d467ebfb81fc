/** What a guard says, part by part, and what it reads. */
import type { AnyEventObject, AnyMachineSnapshot } from 'xstate'
import type { Verdict } from '../protocol/step.ts'
import { stateLine } from '../state-line.ts'
import { toValue } from '../value/to-value.ts'
import { readsOf } from './reads.ts'

export type Guard = string | GuardFunction | GuardObject

interface GuardObject {
  readonly type: string
  readonly params?: unknown
}

/** A predicate, or one of `and`, `or`, `not` and `stateIn`. */
type GuardFunction = ((args: object, params: unknown) => unknown) & {
  readonly check?: (snapshot: AnyMachineSnapshot, args: object, guard: unknown) => boolean
  readonly guards?: readonly Guard[]
  readonly stateValue?: unknown
}

const maxDepth = 20

/** Asks a guard as XState does. Guards are pure: asking again gives the same answer. */
export function verdictOf(
  guard: Guard,
  snapshot: AnyMachineSnapshot,
  event: AnyEventObject,
  depth = 0,
): Verdict {
  const name = guardName(guard)
  const found = typeof guard === 'function' ? guard : implementationOf(snapshot, name)
  if (found === undefined || depth > maxDepth) return { name, result: 'threw', reads: [] }
  if (typeof found !== 'function' || (found.check !== undefined && found !== guard)) {
    const part = verdictOf(found, snapshot, event, depth + 1)
    return { name, result: part.result, reads: [], parts: [part] }
  }
  if (found.check === undefined) return predicateVerdict(name, guard, found, snapshot, event)
  if (found.guards === undefined) return stateVerdict(found, snapshot, event)
  return combinedVerdict(found.name, found.guards, snapshot, event, depth)
}

/** `not` has one part; `and` and `or` stop at the first part that decides. */
function combinedVerdict(
  name: string,
  guards: readonly Guard[],
  snapshot: AnyMachineSnapshot,
  event: AnyEventObject,
  depth: number,
): Verdict {
  const decides = name === 'or'
  let result = !decides as Verdict['result']
  let isDecided = false
  const parts = guards.map((guard): Verdict => {
    if (isDecided) return notAsked(guard)
    const part = verdictOf(guard, snapshot, event, depth + 1)
    isDecided = part.result === 'threw' || part.result === decides
    if (isDecided) ({ result } = part)
    return part
  })
  if (name === 'not' && result !== 'threw') result = parts[0]?.result === false
  return { name, result, reads: [], parts }
}

/** The verdict of a guard that was not evaluated. */
export function notAsked(guard: Guard): Verdict {
  return { name: guardName(guard), result: 'not asked', reads: [] }
}

function stateVerdict(
  guard: GuardFunction,
  snapshot: AnyMachineSnapshot,
  event: AnyEventObject,
): Verdict {
  const { context, value } = snapshot
  const read = { path: 'state', value: toValue(stateLine(value)) }
  const result = resultOf(() => guard.check?.(snapshot, { context, event }, guard))
  return { name: 'stateIn', result, reads: [read], params: toValue(guard.stateValue) }
}

function predicateVerdict(
  name: string,
  guard: Guard,
  predicate: GuardFunction,
  snapshot: AnyMachineSnapshot,
  event: AnyEventObject,
): Verdict {
  const ask = (context: unknown, of: unknown) =>
    predicate({ context, event: of }, paramsOf(guard, context, of))
  const { context } = snapshot as { readonly context: unknown }
  const result = resultOf(() => ask(context, event))
  const reads = readsOf(context, event, (seen, of) => resultOf(() => ask(seen, of)))
  let params: unknown
  resultOf(() => (params = paramsOf(guard, context, event)))
  return { name, result, reads, ...(params !== undefined && { params: toValue(params) }) }
}

function resultOf(ask: () => unknown): boolean | 'threw' {
  try {
    return Boolean(ask())
  } catch {
    return 'threw'
  }
}

function paramsOf(guard: Guard, context: unknown, event: unknown): unknown {
  if (typeof guard !== 'object') return undefined
  const { params } = guard
  return typeof params === 'function'
    ? (params as (args: object) => unknown)({ context, event })
    : params
}

function implementationOf({ machine }: AnyMachineSnapshot, name: string): Guard | undefined {
  const { guards } = machine.implementations as { readonly guards: Readonly<Record<string, Guard>> }
  return guards[name]
}

function guardName(guard: Guard): string {
  if (typeof guard === 'string') return guard
  if (typeof guard === 'object') return guard.type
  return guard.name === '' ? '(inline)' : guard.name
}
