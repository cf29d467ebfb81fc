/** How costs change with the amount of work, from figures with a `size`. */
import { format } from './limits.mjs'

/** One table for each kind of work; empty without figures. */
export function growthTable(groups) {
  const byKind = new Map()
  for (const { bench, figures } of groups) {
    for (const figure of figures.filter(({ size }) => size !== undefined)) {
      const rows = byKind.get(figure.size.of) ?? new Map()
      byKind.set(figure.size.of, rows)
      const title = `${bench}: ${titleOf(figure)}`
      rows.set(title, (rows.get(title) ?? new Map()).set(figure.size.count, figure))
    }
  }
  return [...byKind].map(([kind, rows]) => tableOf(kind, rows)).join('\n')
}

/** The case without the count: `status update, 1,000 tasks` is `status update`. */
function titleOf({ case: what, size }) {
  const count = size.count.toLocaleString('en').replaceAll(',', '[,_]?')
  const rest = what.replace(new RegExp(`,? *\\b${count}\\b *(${size.of})?`), '').trim()
  return rest === '' ? what : rest
}

function tableOf(kind, rows) {
  const counts = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))].toSorted(
    (one, other) => one - other,
  )
  const heads = counts.map((count) => count.toLocaleString('en'))
  const lines = [...rows].map(([title, row]) => {
    const [first] = counts.flatMap((count) => row.get(count) ?? [])
    const cells = counts.map((count) => {
      const figure = row.get(count)
      if (figure === undefined) return ''
      const value = `${format(figure.value)} ${figure.unit}`
      return figure === first ? value : `${value} (${format(figure.value / first.value)} ×)`
    })
    return `| ${[title, ...cells].join(' | ')} |`
  })
  return `| ${[kind, ...heads].join(' | ')} |
| ${['---', ...heads.map(() => '---:')].join(' | ')} |
${lines.join('\n')}
`
}
