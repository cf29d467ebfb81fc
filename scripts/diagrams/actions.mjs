/** The name of an action, and the effects, timers and children that it may ask for. */

/**
 * `{ name, effects, raises, spawns, params }` of one action: `effects` are the `fx.` actions that
 * it is or may enqueue, `raises` the events that it raises with a delay, `spawns` the children that
 * it starts, `params` the name of the function that its params come from.
 */
export function describeAction(action, machine, bindings) {
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

/** The text of a guard: its name, or the names that it combines. */
export function describeGuard(guard) {
  if (guard === undefined || typeof guard === 'string') return guard
  if (guard.guards === undefined) return guard.type ?? (guard.name || 'condition')
  const names = guard.guards.map(describeGuard)
  if (guard.type === 'xstate.not') return `not ${names[0]}`
  return names.join(guard.type === 'xstate.or' ? ' or ' : ' and ')
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
