/** A part of a chart, for a machine that is too large for one picture. */

/**
 * The part of a chart around the top-level states named in `open`: these whole, with the states
 * that an edge joins to them. A joined state with states inside becomes a single box; an edge into
 * it names the target inside (`into`).
 */
export function foldAround({ root, edges }, open) {
  const tops = topsOf(root, open)
  const endsOf = ({ source, target }) => [tops.get(source), tops.get(target)]
  const ends = edges.map(endsOf).filter((pair) => pair.some((top) => top?.isOpen))
  const joined = new Set(ends.flat())
  const kept = edges.filter((edge) => {
    const pair = endsOf(edge)
    return pair.every((top) => joined.has(top)) && pair.some((top) => !top?.isFolded)
  })
  const states = root.states.filter(({ id }) => joined.has(tops.get(id)))
  const initial = states.some(({ id }) => id === root.initial) ? root.initial : undefined
  return {
    root: { ...root, initial, states: states.map((state) => foldState(state, tops)) },
    edges: kept.map((edge) => foldEdge(edge, tops)),
  }
}

/** The top-level state around each state, by id. */
function topsOf(root, open) {
  const tops = root.states.map(({ id, key, states }) => {
    const isOpen = open.includes(key)
    return { id, isOpen, isFolded: !isOpen && states.length > 0 }
  })
  return new Map(root.states.flatMap((state, at) => idsOf(state).map((id) => [id, tops[at]])))
}

function foldState(state, tops) {
  const { isFolded } = tops.get(state.id)
  return isFolded ? { ...state, type: 'atomic', states: [], initial: undefined } : state
}

function foldEdge(edge, tops) {
  const [from, to] = [tops.get(edge.source), tops.get(edge.target)]
  const source = from?.isFolded ? from.id : edge.source
  if (!to.isFolded || to.id === edge.target) return { ...edge, source }
  return { ...edge, source, target: to.id, into: edge.target.slice(to.id.length + 1) }
}

function idsOf(state) {
  return [state.id, ...state.states.flatMap(idsOf)]
}
