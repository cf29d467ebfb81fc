/** The lines of measured benchmarks, one JSON object each. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const resultsPath = fileURLToPath(
  new URL('../../docs/benchmarks/results.ndjson', import.meta.url),
)

/** Lines that are no JSON, as those that npm prints, are ignored. */
export function readLines(path) {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
}

/** The lines of benchmarks that came to their end, and the names of the others. */
export function sortOut(lines) {
  const ended = new Set(lines.filter(({ measured }) => measured).map(({ bench }) => bench))
  const others = lines.map(({ bench }) => bench).filter((bench) => !ended.has(bench))
  return { complete: lines.filter(({ bench }) => ended.has(bench)), cut: [...new Set(others)] }
}

/** `kept` with the benchmarks of `fresh` in place of their earlier results, in order of their names. */
export function merge(kept, fresh) {
  const names = new Set(fresh.map(({ bench }) => bench))
  const lines = [...kept.filter(({ bench }) => !names.has(bench)), ...fresh]
  return lines.toSorted((one, other) =>
    one.bench < other.bench ? -1 : one.bench > other.bench ? 1 : 0,
  )
}

/** A file of lines. Four digits are enough, and a change of a figure is easy to see. */
export function toText(lines) {
  const rounded = (_, value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
  return lines.map((line) => `${JSON.stringify(line, rounded)}\n`).join('')
}

/** By benchmark: what it is about, its figures, the peers without one, when and where it was measured. */
export function groupsOf(lines) {
  const groups = new Map()
  for (const line of lines) {
    const { bench, ...rest } = line
    const group = groups.get(bench) ?? { bench, about: '', figures: [], skipped: [] }
    groups.set(bench, group)
    if (rest.case !== undefined) group.figures.push(rest)
    else if (rest.skipped !== undefined) group.skipped.push(rest)
    else Object.assign(group, rest)
  }
  return [...groups.values()]
}
