/**
 * Prints the size of every machine in `src/machines`, and checks the limits of the scheduler and
 * its components: every machine in `src/machines/scheduler`, with those that they invoke or spawn.
 * Exits 1 if a limit is exceeded.
 */
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { familyOf, loadMachines } from './diagrams/load.mjs'

const machineFolder = fileURLToPath(new URL('../src/machines/', import.meta.url))

/** While false, limits that are exceeded are printed and the exit status is 0. */
const isEnforced = true

const maxRootHandlers = 8
const minTargetedShare = 0.6

/**
 * Machines whose transitions are not counted: each keeps one table up to date, in any state. By
 * name, with the table.
 */
const tables = new Map([])

/** Settings that a machine gets and never changes, as `machine.field`. */
const settings = new Set()

const machines = await loadMachines(machineFolder)
const rows = machines.map(({ name, machine }) => ({ name, machine, ...measure(machine) }))
const measured = rows.filter(isComponent(machines))
const share = targetedShare(measured)
const problems = [...handlerProblems(measured), ...booleanProblems(measured)]
if (share < minTargetedShare)
  problems.push(`targeted transitions: at least ${minTargetedShare} of all`)
print(rows)
console.log(`scheduler: ${share.toFixed(2)} of its transitions are targeted`)
for (const problem of problems) console.log(problem)
process.exitCode = isEnforced && problems.length > 0 ? 1 : 0

function measure(machine) {
  const nodes = [...walk(machine.root)]
  const transitions = nodes.flatMap(transitionsOf)
  const targeted = transitions.filter(({ target }) => (target ?? []).length > 0)
  const fields = Object.entries(contextOf(machine))
  return {
    states: nodes.length - 1,
    targeted: targeted.length,
    internal: transitions.length - targeted.length,
    rootHandlers: Object.keys(machine.root.config.on ?? {}).length,
    fields: fields.length,
    booleans: fields.filter(isBoolean).map(([field]) => field),
  }
}

function* walk(node) {
  yield node
  for (const child of Object.values(node.states)) yield* walk(child)
}

/**
 * All transitions: of events, timers (`after`), children (`onDone`), and eventless ones (`always`).
 */
function transitionsOf(node) {
  return [...node.transitions.values()].flat().concat(node.always ?? [])
}

/** The context at the start. The fields of the input are undefined. */
function contextOf(machine) {
  const { context } = machine.config
  if (typeof context !== 'function') return context ?? {}
  const input = new Proxy({}, { get: () => undefined })
  return context({ input, spawn: () => undefined, self: undefined })
}

/** True by its value at the start, or by its name if it is in the input. */
function isBoolean([field, value]) {
  return (
    typeof value === 'boolean' || (value === undefined && /^(is|has|can|must)[A-Z]/.test(field))
  )
}

function isComponent(all) {
  const own = all.filter(({ path }) => path === 'scheduler.ts' || path.startsWith('scheduler/'))
  const family = new Set(own.flatMap(({ machine }) => [...familyOf(machine)]))
  return ({ machine }) => family.has(machine)
}

function handlerProblems(components) {
  return components
    .filter(({ rootHandlers }) => rootHandlers > maxRootHandlers)
    .map(
      ({ name, rootHandlers }) =>
        `${name}: ${rootHandlers} root handlers, at most ${maxRootHandlers}`,
    )
}

function booleanProblems(components) {
  return components.flatMap(({ name, booleans }) =>
    booleans
      .filter((field) => !settings.has(`${name}.${field}`))
      .map((field) => `${name}: boolean ${field} in context, make it a state`),
  )
}

function targetedShare(components) {
  const counted = components.filter(({ name }) => !tables.has(name))
  const targeted = counted.reduce((sum, row) => sum + row.targeted, 0)
  return targeted / counted.reduce((sum, row) => sum + row.targeted + row.internal, 0)
}

function print(all) {
  const table = new Table({
    head: ['machine', 'states', 'targeted', 'internal', 'root handlers', 'context', 'boolean'],
    colAligns: ['left', ...Array(6).fill('right')],
    style: { head: [], border: [], compact: true },
  })
  for (const row of all) {
    const { name, states, targeted, internal, rootHandlers, fields, booleans } = row
    table.push([name, states, targeted, internal, rootHandlers, fields, booleans.length])
  }
  console.log(table.toString())
}
