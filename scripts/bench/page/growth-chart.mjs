/**
 * A small picture of each cost as work grows: how the cost of one unit of work changes, on logarithmic
 * scales for both. A level line is no growth.
 */
import { format } from '../limits.mjs'
import { clip, escape, line, padding, round, svgOf, text, width } from './svg.mjs'

const columns = 2
const cellWidth = (width - padding * 2) / columns
const cellHeight = 138
const plotHeight = 74
const plotWidth = cellWidth - 96
/** Factors that fit: a tenth to ten times the first cost. */
const magnitudes = 1

export function growthSvg(kinds) {
  const rows = kinds.flatMap(({ kind, rows }) => rows.map((row) => ({ kind, ...row })))
  const height = Math.ceil(rows.length / columns) * cellHeight + padding
  const cells = rows.map((row, index) => {
    const x = padding + (index % columns) * cellWidth
    return cellSvg(row, x, padding + Math.floor(index / columns) * cellHeight)
  })
  return svgOf('Cost of one unit of work as there is more of it', height, cells)
}

function cellSvg({ kind, what, unit, points }, x, y) {
  const [first] = points
  const top = y + 24
  const xOf = ({ count }) =>
    x + 34 + (Math.log10(count / first.count) / decades(points)) * plotWidth
  const yOf = (value) => {
    const factor = Math.log10(value / first.value)
    const within = Math.min(magnitudes, Math.max(-magnitudes, factor))
    return top + plotHeight / 2 - (within / magnitudes) * (plotHeight / 2 - 6)
  }
  const places = points.map((point) => `${round(xOf(point))} ${round(yOf(point.value))}`)
  return [
    `<text class="head" x="${x}" y="${y + 12}">${escape(clip(what, 44))} <tspan class="quiet" font-weight="400">by ${escape(kind)}</tspan></text>`,
    line('grid', x + 14, yOf(first.value), x + 54 + plotWidth, yOf(first.value)),
    `<path class="line" d="M${places.join('L')}"/>`,
    ...points.map((point) => {
      const at = xOf(point)
      return [
        `<circle class="ours" cx="${round(at)}" cy="${round(yOf(point.value))}" r="3.5"/>`,
        text(`${format(point.value)} ${unit}`, at, yOf(point.value) - 9, { anchor: 'middle' }),
        text(point.count.toLocaleString('en'), at, top + plotHeight + 16, {
          classes: 'quiet small',
          anchor: 'middle',
        }),
      ].join('\n')
    }),
  ].join('\n')
}

function decades(points) {
  return Math.log10(points.at(-1).count / points[0].count) || 1
}
