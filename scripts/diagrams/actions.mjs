/** The actions of a chart, with the effects, timers and children that each may ask for. */
import { chartOf, statesOf } from './chart.mjs'

/** The chart of a machine, with what the text of each action asks for; see `loadMachines`. */
export function chartWithActions(machine, bindings) {
  const chart = chartOf(machine, (action) => describeAction(action, machine, bindings))
  dropNeedlessParams(actionsOf(chart))
  return chart
}

/**
 * `{ name, effects, raises, spawns, params }` of one action: `effects` are the `fx.` actions that
 * it is or may enqueue, `raises` the events that it raises with a delay, `spawns` the children that
 * it starts, `params` the name of the function that its params come from.
 */
function describeAction(action, machine, bindings) {
  if (typeof action === 'function') {
    return { name: nameOf(action, bindings), ...searchAction(action, machine, bindings) }
  }
  const { type, params } = typeof action === 'string' ? { type: action } : action
  if (type.startsWith('fx.')) {
    const hasName = typeof params === 'function' && !['', 'params'].includes(params.name)
    return {
      name: type,
      effects: [type],
      raises: [],
      spawns: [],
      ...(hasName && { params: params.name }),
    }
  }
  return {
    name: type,
    ...searchAction(machine.implementations.actions[type], machine, bindings),
  }
}

function nameOf(action, bindings) {
  const binding = [...bindings.values()].find(({ value }) => value === action)
  return binding?.name ?? action.type?.replace('xstate.', '') ?? (action.name || 'action')
}

/** Searches the text of an action, and of every function that it names, for what it enqueues. */
function searchAction(action, machine, bindings) {
  const effects = new Set()
  const raises = new Set()
  const spawns = new Set()
  const visited = new Set()
  const visit = (code) => {
    if (typeof code !== 'function' || visited.has(code)) return
    visited.add(code)
    const text = (code.collect ?? code).toString()
    for (const [, effect] of text.matchAll(/["'](fx\.\w+)["']/g)) effects.add(effect)
    for (const [, event, options] of text.matchAll(raiseCall)) {
      if (options.includes('delay')) raises.add(event)
    }
    for (const [, child] of text.matchAll(/spawnChild\(["'](\w+)["']/g)) spawns.add(child)
    for (const [, name] of text.matchAll(/enqueue\(["']([\w.]+)["']/g)) {
      visit(machine.implementations.actions[name])
    }
    for (const [, word] of withoutStrings(text).matchAll(usedName)) visit(bindings.get(word)?.value)
  }
  visit(action)
  return { effects: [...effects], raises: [...raises], spawns: [...spawns] }
}

function withoutStrings(text) {
  return text.replaceAll(/"[^"\n]*"|'[^'\n]*'/g, '""')
}

/** An identifier that is neither a property nor a key. */
const usedName = /(?<![.\w$])([\w$]+)(?![\w$])(?!\s*:)/g

const raiseCall = /raise\(\s*\{\s*type:\s*["']([\w.]+)["'][^}]*\}\s*,\s*\{([^)]*)/g

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

/**
 * Names of params tell several uses of an effect apart; where there is one, the effect says it all.
 */
function dropNeedlessParams(uses) {
  const names = new Map()
  for (const { action } of uses) {
    names.set(action.name, (names.get(action.name) ?? new Set()).add(action.params))
  }
  for (const { action } of uses) if (names.get(action.name).size === 1) delete action.params
}
