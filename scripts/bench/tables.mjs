/** What a terminal shows: a table of each benchmark, and a summary. */
import Table from 'cli-table3'
import { aboutOf, benchmarks } from './benchmarks.mjs'
import { format, limitText, outcomeOf, outcomeText, spreadText } from './limits.mjs'
import { clip } from './page/svg.mjs'
import { time } from './progress.mjs'
import { groupsOf } from './results.mjs'

export function tableOf(name, lines) {
  const figures = lines.filter((line) => line.case !== undefined)
  const hasCpu = figures.some(({ cpuUs }) => cpuUs !== undefined)
  const cpu = hasCpu ? ['CPU µs/unit', "peer's"] : []
  const table = new Table({
    head: [name, 'value', 'unit', 'peer', 'peer value', 'ratio', 'spread', ...cpu, 'must be', ''],
    style: { head: [], border: [] },
    // No lines between rows.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  })
  for (const figure of figures) {
    const { case: what, value, unit, peer = '', peerValue, ratio, cpuUs, peerCpuUs } = figure
    const cpuCells = hasCpu ? [format(cpuUs), format(peerCpuUs)] : []
    const left = [
      what,
      format(value),
      unit,
      peer,
      format(peerValue),
      format(ratio),
      spreadText(figure),
    ]
    table.push([...left, ...cpuCells, limitText(figure), outcomeText(figure)])
  }
  return table.toString()
}

/** The names of all benchmarks, each with the time that it took last and the beginning of its text. */
export function listOf(results) {
  const known = new Map(groupsOf(results).map(({ bench, measured }) => [bench, measured?.seconds]))
  const names = [...benchmarks.keys()]
  const width = Math.max(...names.map((name) => name.length))
  const all = names.reduce((sum, name) => sum + (known.get(name) ?? 0), 0)
  const lines = names.map((name) => {
    const seconds = known.get(name)
    const [beginning] = aboutOf(name).split(/[.:;](?: |$)/)
    return `${name.padEnd(width)}  ${(seconds === undefined ? '' : time(seconds)).padStart(10)}  ${clip(beginning, 80)}`
  })
  return [...lines, `${'all'.padEnd(width)}  ${time(all).padStart(10)}`].join('\n')
}

export function summaryOf(lines) {
  const figures = lines.filter((line) => line.case !== undefined)
  const limited = figures.filter(({ limit }) => limit !== undefined)
  const missed = limited.filter((figure) => outcomeOf(figure) === 'missed')
  const seconds = lines.reduce((sum, { measured }) => sum + (measured?.seconds ?? 0), 0)
  return [
    `${figures.length} figures in ${time(seconds)}; ${limited.length - missed.length} of ${limited.length} limits met`,
    ...missed.map((figure) => {
      const { bench, case: what, peer, ratio, value, unit } = figure
      const reached =
        ratio === undefined ? `${format(value)} ${unit}` : `${format(ratio)} × ${peer}`
      return `missed  ${bench}: ${what}: ${reached}, must be ${limitText(figure)}`
    }),
    ...lines
      .filter((line) => line.skipped !== undefined)
      .map(({ bench, peer, skipped }) => `skipped ${bench}: ${peer ? `${peer} ` : ''}${skipped}`),
    ...lines
      .filter((line) => line.failed !== undefined)
      .map(({ bench, failed }) => `failed  ${bench}: ${failed}`),
  ].join('\n')
}
