/** A machine as plain data: its nested states and their transitions. */
import { describeAction, describeGuard } from './actions.mjs'

/**
 * The chart of `machine`: `{ root, edges }`, states and transitions in the order of the document. A
 * transition that stays where it is (no target, or the state itself) is in its state's `internal`
 * list; every other is an edge. `bindings` names inline actions, see `loadMachines`; none by
 * default.
 */
export function chartOf(machine, bindings = new Map()) {
  const describe = (action) => describeAction(action, machine, bindings)
  const edges = []
  const visit = (node) => {
    const transitions = transitionsOf(node, describe)
    edges.push(...transitions.filter((transition) => !stays(transition)))
    return {
      id: node.id,
      key: node.key,
      type: node.type,
      description: node.description,
      // From the config: XState adds the start and end of timers to the node.
      entry: [node.config.entry ?? []].flat().map(describe),
      exit: [node.config.exit ?? []].flat().map(describe),
      invoked: node.invoke.map(({ id, src }) => ({ id, src: String(src) })),
      initial: node.initial?.target?.[0]?.id,
      internal: transitions.filter(stays),
      states: Object.values(node.states).map(visit),
    }
  }
  const chart = { root: visit(machine.root), edges }
  dropNeedlessParams(actionsOf(chart))
  return chart
}

/** A state and all states inside it, in the order of the document. */
export function statesOf(state) {
  return [state, ...state.states.flatMap(statesOf)]
}

/** Every action of a chart with its place: `{ where: { state, on } or { transition }, action }`. */
export function actionsOf({ root, edges }) {
  const inTransition = (transition) =>
    transition.actions.map((action) => ({ where: { transition }, action }))
  return statesOf(root).flatMap((state) => [
    ...state.entry.map((action) => ({ where: { state, on: 'entry' }, action })),
    ...state.exit.map((action) => ({ where: { state, on: 'exit' }, action })),
    ...state.internal.flatMap(inTransition),
    ...edges.filter(({ source }) => source === state.id).flatMap(inTransition),
  ])
}

/** Drops the name of params of an effect with one use: it tells several uses apart. */
function dropNeedlessParams(uses) {
  const names = new Map()
  for (const { action } of uses) {
    names.set(action.name, (names.get(action.name) ?? new Set()).add(action.params))
  }
  for (const { action } of uses) if (names.get(action.name).size === 1) delete action.params
}

function transitionsOf(node, describe) {
  const groups = [...node.transitions.values(), node.always ?? []]
  return groups.flatMap((group) =>
    group.map((transition, index) => {
      const target = transition.target?.[0]
      return {
        ...triggerOf(transition, node),
        guard: describeGuard(transition.guard) ?? (index > 0 ? 'else' : undefined),
        actions: transition.actions.map(describe),
        source: node.id,
        target: target?.id,
        description: transition.description,
        reenters: target === node && transition.reenter === true,
      }
    }),
  )
}

function stays({ source, target }) {
  return target === undefined || target === source
}

/**
 * `kind` and `event` for people: `after giveUp`, `done jarServer`, in place of XState's own names.
 */
function triggerOf({ eventType, delay }, node) {
  if (eventType === '') return { kind: 'always', event: '' }
  if (delay !== undefined) {
    return { kind: 'after', event: typeof delay === 'number' ? `${delay} ms` : String(delay) }
  }
  if (eventType === `xstate.done.state.${node.id}`) return { kind: 'done', event: '' }
  const [, kind, child] = /^xstate\.(done|error|snapshot)\.(?:actor\.)?(.*)$/.exec(eventType) ?? []
  if (kind === undefined) return { kind: 'event', event: eventType }
  return { kind, event: child === '*' ? 'any child' : child }
}
