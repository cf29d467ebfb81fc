/** Lays out a chart: sizes from its texts, places from ELK. */
import ElkConstructor from 'elkjs/lib/elk.bundled.js'
import { statesOf } from './chart.mjs'
import { padding, columnGap, measureBox } from './boxes.mjs'
import { lineHeight, transitionLines, widthOfLines, widthOfTitle } from './text.mjs'

const edgeChars = 34

const layoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.randomSeed': '1',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.thoroughness': '40',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '2',
  'elk.layered.spacing.nodeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '11',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
}

/**
 * ELK 0.12 accepts the order of the document only in the outermost graph. In inner graphs, the
 * start comes first.
 */
const outerOptions = {
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
}
const innerOptions = {
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.crossingMinimization.semiInteractive': 'true',
}

/**
 * The chart with places: `{ width, height, boxes, edges }`, outermost box first, all coordinates
 * from the top left. A box has its `shape` (`state`, `compound`, `final`, `start` or `any`), title
 * and `lines` with their own places; an edge has its `points` and `label`. Rejects when ELK cannot
 * lay it out.
 */
export async function layOut(chart) {
  const boxes = new Map()
  const edges = elkEdges(chart)
  const root = elkNode(chart.root, { chart, boxes, edges }, 0)
  const placed = await new ElkConstructor().layout(root)
  return {
    width: Math.ceil(placed.width),
    height: Math.ceil(placed.height),
    boxes: placeBoxes([placed], boxes),
    edges: placeEdges([placed], edges),
  }
}

function elkNode(state, plan, depth) {
  const isCompound = state.states.length > 0
  const { width, height, ...box } = measureBox(state)
  plan.boxes.set(state.id, { ...box, depth })
  if (!isCompound) return { id: state.id, width, height }
  return {
    id: state.id,
    layoutOptions: {
      ...layoutOptions,
      ...(depth === 0 ? outerOptions : innerOptions),
      'elk.padding': `[top=${height + 14},left=16,bottom=16,right=16]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      // ELK rotates an inner graph to lay it out downward, but not its minimum size.
      'elk.nodeSize.minimum': depth === 0 ? `(${width}, ${height})` : `(${height}, ${width})`,
    },
    children: [
      ...pseudoNodes(state, plan, depth),
      ...state.states.map((child, index) => {
        const node = inOrder(elkNode(child, plan, depth + 1), index)
        return state.type === 'parallel' ? atTop(node) : node
      }),
    ],
    // An edge belongs to the innermost state around both ends: otherwise ELK loses the order of the
    // document.
    edges: plan.edges.filter(({ container }) => container === state.id).map(({ elk }) => elk),
  }
}

/** A hint for ELK: the order of states in one layer. */
function inOrder(node, index) {
  const layoutOptions = { ...node.layoutOptions, 'elk.position': `(${index * 1000}, 0)` }
  return { ...node, layoutOptions }
}

/** Regions begin at the same height. */
function atTop(node) {
  return { ...node, layoutOptions: { ...node.layoutOptions, 'elk.alignment': 'TOP' } }
}

/**
 * The initial dot, and the pill `in any state`, from which transitions of a state to states inside
 * it start. Each is placed by its first target.
 */
function pseudoNodes(state, { chart, boxes }, depth) {
  const nodes = []
  const indexOf = (id) => state.states.findIndex((child) => child.id === id || isInside(child, id))
  if (state.initial !== undefined) {
    const id = startId(state.id)
    boxes.set(id, { shape: 'start', depth })
    nodes.push(inOrder({ id, width: 12, height: 12 }, indexOf(state.initial)))
  }
  const own = chart.edges.find((edge) => edge.source === state.id && isInside(state, edge.target))
  if (own !== undefined) {
    const id = anyId(state.id)
    const title = 'in any state'
    boxes.set(id, { shape: 'any', title, depth })
    const width = widthOfTitle(title) + padding
    nodes.push(inOrder({ id, width, height: 22 }, indexOf(own.target)))
  }
  return nodes
}

/** Transitions between the same two states share one edge: their labels are stacked. */
function elkEdges({ root, edges }) {
  const states = new Map(statesOf(root).map((state) => [state.id, state]))
  const shared = new Map()
  for (const state of states.values()) {
    if (state.initial === undefined) continue
    const id = `${startId(state.id)}>${state.initial}`
    shared.set(id, { source: startId(state.id), target: state.initial, lines: [], kind: 'start' })
  }
  for (const edge of edges) {
    const source = isInside(states.get(edge.source), edge.target) ? anyId(edge.source) : edge.source
    // Apart, since a guard would read as one of the event above it.
    const id = `${source}>${edge.target}${edge.kind === 'always' ? ':always' : ''}`
    const lines = transitionLines(edge, edgeChars).filter((line) => line.length > 0)
    const { kind } = edge
    const known = shared.get(id)
    if (known === undefined) shared.set(id, { source, target: edge.target, lines, kind })
    else known.lines.push(...lines)
  }
  return [...shared].map(([id, { source, target, lines, kind }]) => {
    const labels = lines.length === 0 ? [] : [labelOf(id, lines)]
    const elk = { id, sources: [source], targets: [target], labels }
    return { id, elk, lines, kind, container: containerOf(root, source, target) }
  })
}

/**
 * The innermost state that contains both and is neither of them; pseudo nodes are inside their
 * state.
 */
function containerOf(state, source, target) {
  const inner = state.states.find((child) => holds(child, source) && holds(child, target))
  return inner === undefined ? state.id : containerOf(inner, source, target)
}

function holds(state, id) {
  return id === startId(state.id) || id === anyId(state.id) || isInside(state, id)
}

function labelOf(id, lines) {
  return {
    id: `${id}:label`,
    text: id,
    width: widthOfLines(lines) + 10,
    height: lines.length * lineHeight + 6,
    layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
  }
}

function placeBoxes(nodes, boxes) {
  return nodes.flatMap(({ id, x = 0, y = 0, width, height, children = [] }) => {
    const { columns = [], ...box } = boxes.get(id)
    let left = padding
    const lines = columns.flatMap((column) => {
      const placed = column.map((spans, row) => ({
        spans,
        x: x + left,
        y: y + box.ruleAt + 6 + row * lineHeight,
      }))
      left += widthOfLines(column) + columnGap
      return placed
    })
    return [{ ...box, x, y, width, height, lines }, ...placeBoxes(children, boxes)]
  })
}

function placeEdges(nodes, plans) {
  return nodes.flatMap(({ edges = [], children = [] }) => [
    ...edges.map((edge) =>
      placeEdge(
        edge,
        plans.find(({ id }) => id === edge.id),
      ),
    ),
    ...placeEdges(children, plans),
  ])
}

function placeEdge({ sections = [], labels = [] }, { kind, lines }) {
  const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ])
  const [label] = labels.map(({ x, y, width, height }) => ({ x, y, width, height, lines }))
  return { kind, points, label }
}

function isInside(state, id) {
  return state.states.some(
    (child) =>
      child.id === id || startId(child.id) === id || anyId(child.id) === id || isInside(child, id),
  )
}

function startId(id) {
  return `${id}:start`
}

function anyId(id) {
  return `${id}:any`
}
