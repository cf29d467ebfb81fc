/**
 * Prints, per machine of src/machines, what tells a statechart from a reducer with a chart around it: states, transitions
 * with and without a target, handlers of the root, fields of the context, and those of them that are true or false.
 */
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { loadMachines } from './diagrams/load.mjs'

const machineFolder = fileURLToPath(new URL('../src/machines/', import.meta.url))

const table = new Table({
  head: ['machine', 'states', 'targeted', 'internal', 'root handlers', 'context', 'boolean'],
  colAligns: ['left', ...Array(6).fill('right')],
  style: { head: [], border: [], compact: true },
})
for (const { name, machine } of await loadMachines(machineFolder)) table.push(measure(name, machine))
console.log(table.toString())

function measure(name, machine) {
  const nodes = [...walk(machine.root)]
  const transitions = nodes.flatMap(transitionsOf)
  const targeted = transitions.filter(({ target }) => (target ?? []).length > 0)
  const context = contextOf(machine)
  return [
    name,
    nodes.length - 1,
    targeted.length,
    transitions.length - targeted.length,
    Object.keys(machine.root.config.on ?? {}).length,
    Object.keys(context).length,
    Object.values(context).filter((value) => typeof value === 'boolean').length,
  ]
}

function* walk(node) {
  yield node
  for (const child of Object.values(node.states)) yield* walk(child)
}

/** Of events, of time (`after`), of children (`onDone`), and eventless ones (`always`). */
function transitionsOf(node) {
  return [...node.transitions.values()].flat().concat(node.always ?? [])
}

/** As it is at the start. Inputs that a machine cannot do without are stood in for by objects without fields. */
function contextOf(machine) {
  const { context } = machine.config
  if (typeof context !== 'function') return context ?? {}
  const anything = new Proxy({}, { get: () => undefined })
  return context({ input: anything, spawn: () => undefined, self: undefined })
}
