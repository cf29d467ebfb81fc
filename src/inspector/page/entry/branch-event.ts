import type { Chart } from '../../protocol/chart.ts'

interface BranchEvent {
  readonly type: string
  readonly [key: string]: unknown
}

/** Types of events that these states have a handler for, in the order of the chart. */
export function handledTypes(chart: Chart, states: readonly string[]): readonly string[] {
  const lines = [
    ...chart.boxes.flatMap((box) => box.lines),
    ...chart.edges.flatMap((edge) => edge.label?.lines ?? []),
  ]
  const keys = [
    ...lines.flatMap((line) => line.transitions ?? []),
    ...chart.edges.flatMap((edge) => edge.transitions),
  ]
  const types = keys.flatMap((key) => {
    // `stateId#descriptor#index`; a descriptor may contain `#`.
    const [, state = '', type = ''] = /^([^#]*)#(.*)#\d+$/s.exec(key) ?? []
    const isEvent = type !== '' && !type.endsWith('*') && !type.startsWith('xstate.')
    return isEvent && states.includes(state) ? [type] : []
  })
  return [...new Set(types)]
}

/** The event of a form, or what is wrong with it. */
export function readEvent(
  type: string,
  payload: string,
): { readonly event: BranchEvent } | { readonly wrong: string } {
  if (type.trim() === '') return { wrong: 'An event has a type.' }
  if (payload.trim() === '') return { event: { type: type.trim() } }
  try {
    const members: unknown = JSON.parse(payload)
    if (typeof members !== 'object' || members === null || Array.isArray(members))
      return { wrong: 'The payload is a JSON object, such as {"taskId": "7"}.' }
    return { event: { ...members, type: type.trim() } }
  } catch (error) {
    return { wrong: (error as Error).message }
  }
}
