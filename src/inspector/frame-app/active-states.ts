/** The active states of a machine that is known by its definition only. */
import type { AnyStateMachine, AnyStateNode } from 'xstate'

/** More than any machine has; a frame may say anything. */
const maxStates = 5000

/** All active states, parents before their children. States that the machine lacks are left out. */
export function activeStates(machine: AnyStateMachine, value: unknown): readonly AnyStateNode[] {
  const active: AnyStateNode[] = []
  const visit = (node: AnyStateNode, below: unknown): void => {
    if (active.length >= maxStates) return
    active.push(node)
    for (const [key, inner] of regionsOf(below)) {
      const child = Object.hasOwn(node.states, key) ? node.states[key] : undefined
      if (child !== undefined) visit(child, inner)
    }
  }
  visit(machine.root, value)
  return active
}

function regionsOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value === 'string') return [[value, undefined]]
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
