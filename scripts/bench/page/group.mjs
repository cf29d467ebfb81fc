/** The section of one benchmark: what it is about, its picture, and all its figures. */
import { format, limitText, outcomeText, spreadText } from '../limits.mjs'
import { chartSvg } from './chart.mjs'
import { cell, ratioText, table } from './markdown.mjs'

const texts = ['case', 'unit', 'peer', '']

/** `date` is that of most benchmarks: another is named. */
export function groupSection(group, date) {
  const { bench, about, figures, skipped, measured } = group
  const notes = skipped.map(
    ({ peer, skipped: why }) => `- ${peer ? `${peer}: ` : ''}not measured, ${why}`,
  )
  return [
    `### ${titleOf(group)}\n`,
    `${about}${measuredText(bench, measured, date)}\n`,
    ...(isDrawn(group) ? [`![${altOf(group)}](benchmarks/${bench}.svg)\n`] : []),
    figuresTable(figures),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n')
}

/** SVG of its figures, if there is something to see. */
export function pictureOf(group) {
  return isDrawn(group) ? chartSvg(altOf(group), drawnOf(group)) : undefined
}

function measuredText(bench, measured, date) {
  if (measured === undefined) return ''
  const other = measured.date === date ? '' : `, ${measured.date}`
  return ` (\`npm run bench -- ${bench}\`, ${Math.ceil(measured.seconds)} s${other})`
}

function figuresTable(figures) {
  const hasCpu = figures.some(({ cpuUs }) => cpuUs !== undefined)
  const cpuHeads = hasCpu ? ['CPU µs per unit', "peer's CPU"] : []
  const left = ['case', 'jarcast', 'unit', 'peer', "peer's", 'ratio', 'spread']
  const rows = figures.map((figure) => [
    cell(figure.case),
    format(figure.value),
    figure.unit,
    cell(figure.peer ?? ''),
    format(figure.peerValue),
    ratioText(figure),
    spreadText(figure),
    ...(hasCpu ? [format(figure.cpuUs), format(figure.peerCpuUs)] : []),
    limitText(figure),
    outcomeText(figure),
  ])
  return table([...left, ...cpuHeads, 'must be', ''], texts, rows)
}

/** What has a limit, with all peers of the same case; without any, what has a peer. Growth has a picture of its own. */
function drawnOf({ figures }) {
  const limited = new Set(figures.filter(({ limit }) => limit).map((figure) => figure.case))
  return figures.filter((figure) =>
    limited.size > 0
      ? limited.has(figure.case)
      : Number.isFinite(figure.peerValue) && figure.size === undefined,
  )
}

function isDrawn(group) {
  return drawnOf(group).length > 0
}

/** `jar-server` is `Jar server`. */
function titleOf({ bench }) {
  const words = bench.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function altOf(group) {
  return `${titleOf(group)}: jarcast beside its peers`
}
