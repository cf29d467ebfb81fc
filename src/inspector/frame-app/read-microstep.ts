/** Reads the microsteps in frames: they come from outside, so each member is made anew. */
import type { Considered, Microstep, Verdict } from '../protocol/step.ts'
import { isMembers, listIn, readValue, textIn } from './read-value.ts'
import type { Members } from './read-value.ts'

const maxItems = 500
const maxGuardDepth = 20

export function readMicrostep(value: unknown): Omit<Microstep, 'actor'> {
  const members = isMembers(value) ? value : {}
  return {
    type: textIn(members['type']),
    considered: listIn(members['considered'], maxItems).flatMap(readConsidered),
    from: textIn(members['from']),
    to: textIn(members['to']),
    entered: textsIn(members['entered']),
    exited: textsIn(members['exited']),
    actions: listIn(members['actions'], maxItems)
      .filter(isMembers)
      .map(({ type, params }) => {
        const action = { type: textIn(type) }
        return params === undefined ? action : { ...action, params: readValue(params) }
      }),
  }
}

const verdicts: readonly unknown[] = ['taken', 'guard false', 'guard threw', 'not reached']

function readConsidered(value: unknown): readonly Considered[] {
  if (!isMembers(value) || !verdicts.includes(value['verdict'])) return []
  const { guard } = value
  return [
    {
      transition: textIn(value['transition']),
      state: textIn(value['state']),
      on: textIn(value['on']),
      targets: textsIn(value['targets']),
      verdict: value['verdict'] as Considered['verdict'],
      ...(isMembers(guard) && { guard: readVerdict(guard, 0) }),
    },
  ]
}

function readVerdict(value: Members, depth: number): Verdict {
  const { result, params, parts } = value
  const isKnown = typeof result === 'boolean' || result === 'threw'
  return {
    name: textIn(value['name']),
    result: isKnown ? result : 'not asked',
    reads: listIn(value['reads'], 50)
      .filter(isMembers)
      .map((read) => ({ path: textIn(read['path']), value: readValue(read['value']) })),
    ...(params !== undefined && { params: readValue(params) }),
    ...(Array.isArray(parts) &&
      depth < maxGuardDepth && {
        parts: listIn(parts, 50)
          .filter(isMembers)
          .map((part) => readVerdict(part, depth + 1)),
      }),
  }
}

function textsIn(value: unknown): readonly string[] {
  return listIn(value, maxItems).map((text) => textIn(text))
}
