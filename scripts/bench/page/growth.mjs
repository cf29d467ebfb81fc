/** How costs change with the amount of work, from figures with a `size`. */
import { format } from '../limits.mjs'

/** Other kinds of work follow. */
const order = ['tasks', 'agents', 'libraries', 'entries', 'executors per host']

/**
 * By kind of work: each cost with a point for each amount. The factor of a point is its cost to that of the smaller amount
 * that costs least, so that a small amount which is dear by itself hides no growth.
 */
export function growthOf(groups) {
  const byKind = new Map(order.map((kind) => [kind, new Map()]))
  for (const figure of groups.flatMap(({ figures }) => figures)) {
    const { size, value, unit } = figure
    if (size === undefined) continue
    const rows = byKind.get(size.of) ?? new Map()
    byKind.set(size.of, rows)
    const what = titleOf(figure)
    const row = rows.get(what) ?? { what, unit, points: [] }
    rows.set(what, row)
    const least = Math.min(...row.points.map((point) => point.value))
    const factor = Number.isFinite(least) ? value / least : undefined
    row.points.push({ count: size.count, value, factor })
  }
  return [...byKind]
    .filter(([, rows]) => rows.size > 0)
    .map(([kind, rows]) => ({ kind, rows: [...rows.values()] }))
}

/** One table for each kind of work; empty without figures. */
export function growthTables(kinds) {
  return kinds.map(tableOf).join('\n')
}

/** The case without the count: `status update, 1,000 tasks` is `status update`. */
function titleOf({ case: what, size }) {
  const count = size.count.toLocaleString('en').replaceAll(',', '[,_]?')
  const many = size.of.replace(/(ie)?s\b/, '\\w*')
  const rest = what.replace(new RegExp(`,? *\\b${count}\\b *(${many})?`), '').trim()
  return rest === '' ? what : rest
}

function tableOf({ kind, rows }) {
  const counts = [...new Set(rows.flatMap(({ points }) => points.map(({ count }) => count)))]
  counts.sort((one, other) => one - other)
  const heads = counts.map((count) => {
    const times = count === counts[0] ? '' : ` (${format(count / counts[0])} ×)`
    return `${count.toLocaleString('en')}${times}`
  })
  const lines = rows.map(({ what, unit, points }) => {
    const cells = counts.map((count) => {
      const point = points.find((one) => one.count === count)
      if (point === undefined) return ''
      const value = `${format(point.value)} ${unit}`
      return point.factor === undefined ? value : `${value}, ${format(point.factor)} ×`
    })
    return `| ${[what, ...cells].join(' | ')} |`
  })
  return `| ${[kind, ...heads].join(' | ')} |
| ${['---', ...heads.map(() => '---:')].join(' | ')} |
${lines.join('\n')}
`
}
