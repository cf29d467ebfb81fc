/** A chart as ELK's graph: boxes with their sizes, edges in the states that hold them. */
import type { ElkExtendedEdge, ElkLabel, ElkNode } from 'elkjs/lib/elk-api.js'
import type { ChartBox, ChartEdge } from '../protocol/chart.ts'
import { measureBox, padding } from './boxes.ts'
import type { MeasuredBox } from './boxes.ts'
import { layoutOptions, optionsAt } from './layout-options.ts'
import { statesOf } from './machine-chart.ts'
import type { ChartState, MachineChart } from './machine-chart.ts'
import { lineHeight, transitionLines, widthOfLines, widthOfTitle } from './text.ts'
import type { TextLine } from './text.ts'

const edgeChars = 34

/** What ELK does not know of a box. */
export interface GraphBox extends Partial<Omit<MeasuredBox, 'width' | 'height' | 'shape'>> {
  readonly shape: ChartBox['shape']
  readonly depth: number
  readonly isCollapsed?: boolean
  readonly isParallel?: boolean
}

/** Transitions between the same two states share one edge: their labels are stacked. */
export interface GraphEdge {
  readonly id: string
  readonly elk: ElkExtendedEdge
  readonly source: string
  readonly target: string
  readonly kind: ChartEdge['kind']
  readonly lines: readonly TextLine[]
  readonly transitions: readonly string[]
  /** The innermost state around both ends. */
  readonly container: string
}

interface Plan {
  readonly chart: MachineChart
  readonly boxes: Map<string, GraphBox>
  readonly edges: readonly GraphEdge[]
}

export function toGraph(chart: MachineChart): {
  readonly graph: ElkNode
  readonly boxes: ReadonlyMap<string, GraphBox>
  readonly edges: ReadonlyMap<string, GraphEdge>
} {
  const edges = graphEdges(chart)
  const boxes = new Map<string, GraphBox>()
  const graph = graphNode(chart.root, { chart, boxes, edges }, 0)
  return { graph, boxes, edges: new Map(edges.map((edge) => [edge.id, edge])) }
}

function graphNode(state: ChartState, plan: Plan, depth: number): ElkNode {
  const { width, height, ...box } = measureBox(state)
  const isParallel = state.type === 'parallel'
  plan.boxes.set(state.id, {
    ...box,
    depth,
    ...(state.isCollapsed === true && { isCollapsed: true }),
    ...(isParallel && { isParallel }),
  })
  if (state.states.length === 0) return { id: state.id, width, height }
  return {
    id: state.id,
    layoutOptions: { ...layoutOptions, ...optionsAt(depth, width, height) },
    children: [
      ...pseudoNodes(state, plan, depth),
      ...state.states.map((child, index) => {
        const node = inOrder(graphNode(child, plan, depth + 1), index)
        return isParallel ? atTop(node) : node
      }),
    ],
    // An edge belongs to the innermost state around both ends: otherwise ELK loses the order of the
    // document.
    edges: plan.edges.filter(({ container }) => container === state.id).map(({ elk }) => elk),
  }
}

/** A hint for ELK: the order of states in one layer. */
function inOrder(node: ElkNode, index: number): ElkNode {
  const layoutOptions = { ...node.layoutOptions, 'elk.position': `(${index * 1000}, 0)` }
  return { ...node, layoutOptions }
}

/** Regions begin at the same height. */
function atTop(node: ElkNode): ElkNode {
  return { ...node, layoutOptions: { ...node.layoutOptions, 'elk.alignment': 'TOP' } }
}

/**
 * The initial dot, and the pill `in any state`, from which transitions of a state to states inside
 * it start. Each is placed by its first target.
 */
function pseudoNodes(state: ChartState, { chart, boxes }: Plan, depth: number): readonly ElkNode[] {
  const nodes: ElkNode[] = []
  const indexOf = (id: string) =>
    state.states.findIndex((child) => child.id === id || isInside(child, id))
  if (state.initial !== undefined) {
    const id = startId(state.id)
    boxes.set(id, { shape: 'start', depth })
    nodes.push(inOrder({ id, width: 12, height: 12 }, indexOf(state.initial)))
  }
  const own = chart.edges.find(
    ({ source, target }) => source === state.id && target !== undefined && isInside(state, target),
  )
  if (own?.target !== undefined) {
    const id = anyId(state.id)
    const title = 'in any state'
    boxes.set(id, { shape: 'any', title, depth })
    const width = widthOfTitle(title) + padding
    nodes.push(inOrder({ id, width, height: 22 }, indexOf(own.target)))
  }
  return nodes
}

type EdgePlan = Pick<GraphEdge, 'source' | 'target' | 'kind'> & {
  readonly lines: TextLine[]
  readonly transitions: string[]
}

function graphEdges({ root, edges }: MachineChart): readonly GraphEdge[] {
  const states = new Map(statesOf(root).map((state) => [state.id, state]))
  const shared = new Map<string, EdgePlan>()
  for (const { id, initial } of states.values()) {
    if (initial === undefined) continue
    const start = { source: startId(id), target: initial, kind: 'start' as const }
    shared.set(`${start.source}>${initial}`, { ...start, lines: [], transitions: [] })
  }
  for (const edge of edges) {
    const { key, kind, target } = edge
    const from = states.get(edge.source)
    if (target === undefined || from === undefined) continue
    const source = isInside(from, target) ? anyId(edge.source) : edge.source
    // Apart, since a guard would read as one of the event above it.
    const id = `${source}>${target}${kind === 'always' ? ':always' : ''}`
    const known = shared.get(id) ?? { source, target, kind, lines: [], transitions: [] }
    known.lines.push(...transitionLines(edge, edgeChars))
    known.transitions.push(key)
    shared.set(id, known)
  }
  return Array.from(shared, ([id, plan]) => {
    const { source, target, lines } = plan
    const labels = lines.length === 0 ? [] : [labelOf(id, lines)]
    const elk = { id, sources: [source], targets: [target], labels }
    return { ...plan, id, elk, container: containerOf(root, source, target) }
  })
}

/**
 * The innermost state that contains both and is neither of them; pseudo nodes are inside their
 * state.
 */
function containerOf(state: ChartState, source: string, target: string): string {
  const inner = state.states.find((child) => holds(child, source) && holds(child, target))
  return inner === undefined ? state.id : containerOf(inner, source, target)
}

function holds(state: ChartState, id: string): boolean {
  return id === startId(state.id) || id === anyId(state.id) || isInside(state, id)
}

function labelOf(id: string, lines: readonly TextLine[]): ElkLabel {
  return {
    id: `${id}:label`,
    text: id,
    width: widthOfLines(lines) + 10,
    height: lines.length * lineHeight + 6,
    layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
  }
}

function isInside(state: ChartState, id: string): boolean {
  return state.states.some(
    (child) =>
      child.id === id || startId(child.id) === id || anyId(child.id) === id || isInside(child, id),
  )
}

function startId(id: string): string {
  return `${id}:start`
}

function anyId(id: string): string {
  return `${id}:any`
}
