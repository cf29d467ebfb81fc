/** The charts of all machines that are watched, laid out when asked for, and kept. */
import { createMachine } from 'xstate'
import type { AnyStateMachine } from 'xstate'
import { messageOf } from '../../errors.ts'
import { fingerprintOf, hashOf } from '../../journal/core/state-hash.ts'
import type { Chart } from '../protocol/chart.ts'
import { checkDefinition } from './check-definition.ts'
import { layOutApart } from './elk.ts'
import { collapse } from './fold.ts'
import { layOut } from './layout.ts'
import type { ElkLayout } from './layout.ts'
import { chartOf, statesOf } from './machine-chart.ts'
import type { MachineChart } from './machine-chart.ts'

/** Larger ones are not drawn: they are unreadable, and ELK would take minutes. */
const maxStates = 500
const maxTransitions = 2000
/** Layouts kept; of a machine there is one for each set of collapsed states. */
const maxLayouts = 200
/** Definitions kept: programs that connect one after the other may send any number. */
const maxDefinitions = 1000

interface Known {
  readonly id: string
  readonly name: string
  readonly machine: AnyStateMachine | undefined
  readonly chart: MachineChart | undefined
  /** Why it cannot be drawn. */
  readonly problem: string | undefined
}

/** Charts by id: the machine's fingerprint, or the hash of its definition. */
export class Charts {
  readonly #elk: ElkLayout
  readonly #machines = new Map<string, Known>()
  readonly #definitions = new Map<string, Known>()
  readonly #ids = new WeakMap<AnyStateMachine, string>()
  readonly #layouts = new Map<string, Promise<Chart>>()

  constructor(elk: ElkLayout = layOutApart) {
    this.#elk = elk
  }

  /** Adds a machine; returns the id of its chart. */
  addMachine(machine: AnyStateMachine): string {
    const known = this.#ids.get(machine)
    if (known !== undefined) return known
    const id = fingerprintOf(machine)
    this.#ids.set(machine, id)
    if (!this.#machines.has(id)) this.#machines.set(id, knownOf(id, machine.id, machine))
    return id
  }

  /** Adds the JSON of a machine's config, as frames have it; returns the id of its chart. */
  addDefinition(definition: string): string {
    const id = hashOf(definition)
    const known = this.#definitions.get(id) ?? knownFrom(id, definition)
    // Again at the end: the first is the one that was needed least lately.
    this.#definitions.delete(id)
    this.#definitions.set(id, known)
    const [first] = this.#definitions.keys()
    if (this.#definitions.size > maxDefinitions && first !== undefined)
      this.#definitions.delete(first)
    return id
  }

  /** False for an unknown id, such as that of a definition that is no longer kept. */
  has(id: string): boolean {
    return this.#find(id) !== undefined
  }

  /** The machine of a chart. One from a definition has no code: its guards are not known. */
  machineOf(id: string): AnyStateMachine | undefined {
    return this.#find(id)?.machine
  }

  /** The chart with these states collapsed; undefined for an unknown id. */
  async chart(id: string, collapsed: readonly string[] = []): Promise<Chart | undefined> {
    const known = this.#find(id)
    if (known === undefined) return undefined
    const key = JSON.stringify([id, ...collapsed.toSorted()])
    const found = this.#layouts.get(key)
    if (found !== undefined) return await found
    const layout = this.#layOut(known, collapsed)
    if (this.#layouts.size >= maxLayouts) this.#layouts.clear()
    this.#layouts.set(key, layout)
    return await layout
  }

  #find(id: string): Known | undefined {
    return this.#machines.get(id) ?? this.#definitions.get(id)
  }

  async #layOut({ id, name, chart, problem }: Known, collapsed: readonly string[]): Promise<Chart> {
    if (chart === undefined) return emptyChart(id, name, problem ?? 'there is no machine')
    try {
      return await layOut(collapse(chart, collapsed), { id, name }, this.#elk)
    } catch (error) {
      return emptyChart(id, name, messageOf(error))
    }
  }
}

function knownOf(id: string, name: string, machine: AnyStateMachine): Known {
  const chart = chartOf(machine)
  const states = statesOf(chart.root)
  const transitions = states.reduce(
    (sum, { internal }) => sum + internal.length,
    chart.edges.length,
  )
  const isTooLarge = states.length > maxStates || transitions > maxTransitions
  const problem = `${states.length} states and ${transitions} transitions are too many to draw`
  return isTooLarge
    ? { id, name, machine, chart: undefined, problem }
    : { id, name, machine, chart, problem: undefined }
}

function knownFrom(id: string, definition: string): Known {
  const machine = readDefinition(definition)
  return typeof machine === 'string'
    ? { id, name: 'machine', machine: undefined, chart: undefined, problem: machine }
    : knownOf(id, machine.id, machine)
}

/** The machine, or why there is none. */
function readDefinition(definition: string): AnyStateMachine | string {
  try {
    const config: unknown = JSON.parse(definition)
    return checkDefinition(config) ?? createMachine(config as never)
  } catch (error) {
    return `the definition cannot be read: ${messageOf(error).slice(0, 200)}`
  }
}

function emptyChart(id: string, name: string, tooLarge: string): Chart {
  return { id, name, width: 0, height: 0, boxes: [], edges: [], tooLarge }
}
