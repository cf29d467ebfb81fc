/** Checks a machine's definition that came from outside, before XState builds states of it. */

/** Above these, XState itself would take seconds. */
const maxStates = 5000
const maxDepth = 50
const maxTransitions = 20_000

interface NodeConfig {
  readonly states?: unknown
  readonly on?: unknown
}

/** What is wrong with it; undefined if XState may have it. */
export function checkDefinition(config: unknown): string | undefined {
  return visit(config, 0, { states: 0, transitions: 0 })
}

function visit(
  config: unknown,
  depth: number,
  sums: { states: number; transitions: number },
): string | undefined {
  if (typeof config !== 'object' || config === null) return 'a state is no object'
  if (depth > maxDepth) return `its states are nested more than ${maxDepth} deep`
  const { states = {}, on = {} } = config as NodeConfig
  if (typeof states !== 'object' || states === null) return 'its states are no object'
  sums.states += 1
  sums.transitions += countOf(on)
  if (sums.states > maxStates) return `it has more than ${maxStates} states`
  if (sums.transitions > maxTransitions) return `it has more than ${maxTransitions} transitions`
  for (const state of Object.values(states)) {
    const problem = visit(state, depth + 1, sums)
    if (problem !== undefined) return problem
  }
  return undefined
}

function countOf(on: unknown): number {
  if (typeof on !== 'object' || on === null) return 0
  return Object.values(on).reduce<number>(
    (sum, each) => sum + (Array.isArray(each) ? each.length : 1),
    0,
  )
}
