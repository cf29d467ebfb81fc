/** Parts of a chart: states drawn as single boxes, without the states inside them. */
import { statesOf } from './machine-chart.ts'
import type { ChartState, ChartTransition, MachineChart } from './machine-chart.ts'

/**
 * The chart with the states of these ids collapsed. An edge into such a box says which state inside
 * it is the target (`into`); edges between two states of one box are not drawn.
 */
export function collapse({ root, edges }: MachineChart, ids: readonly string[]): MachineChart {
  const boxes = new Map<string, string>()
  const visit = (state: ChartState): ChartState => {
    if (state.states.length === 0) return state
    if (!ids.includes(state.id)) return { ...state, states: state.states.map(visit) }
    for (const { id } of statesOf(state)) boxes.set(id, state.id)
    return asBox(state)
  }
  return { root: visit(root), edges: edges.flatMap((edge) => foldEdge(edge, boxes) ?? []) }
}

/**
 * The chart with the top-level states named in `open` drawn whole, and of the others those that an
 * edge joins to them, collapsed: for a machine that is too large for one picture.
 */
export function foldAround(chart: MachineChart, open: readonly string[]): MachineChart {
  const { root } = chart
  const opened = root.states.filter(({ key }) => open.includes(key))
  const openIds = new Set(opened.flatMap(statesOf).map(({ id }) => id))
  const others = root.states.filter((state) => !opened.includes(state))
  const folded = collapse(
    chart,
    others.map(({ id }) => id),
  )
  const endsOf = ({ source, target = source }: ChartTransition) => [source, target]
  const isOpen = (id: string): boolean => openIds.has(id)
  const joined = new Set(
    folded.edges
      .map(endsOf)
      .filter((ends) => ends.some(isOpen))
      .flat(),
  )
  for (const { id } of opened) joined.add(id)
  const isBox = (id: string): boolean =>
    folded.root.states.some((state) => state.id === id && state.isCollapsed)
  const edges = folded.edges.filter((edge) => {
    const ends = endsOf(edge)
    return ends.every((id) => isOpen(id) || joined.has(id)) && !ends.every(isBox)
  })
  const states = folded.root.states.filter(({ id }) => joined.has(id))
  const { initial, ...rest } = folded.root
  const isDrawn = states.some(({ id }) => id === initial)
  return { root: { ...rest, ...(isDrawn && initial !== undefined && { initial }), states }, edges }
}

function asBox({ initial: _, ...state }: ChartState): ChartState {
  return { ...state, states: [], isCollapsed: true }
}

function foldEdge(
  edge: ChartTransition,
  boxes: ReadonlyMap<string, string>,
): ChartTransition | undefined {
  const source = boxes.get(edge.source) ?? edge.source
  if (edge.target === undefined) return { ...edge, source }
  const target = boxes.get(edge.target) ?? edge.target
  if (source === target && boxes.has(edge.source)) return undefined
  if (target === edge.target) return { ...edge, source }
  return { ...edge, source, target, into: edge.target.slice(target.length + 1) }
}
