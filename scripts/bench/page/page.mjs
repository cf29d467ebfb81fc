/** docs/benchmarks.md and its pictures, from the lines of results and the notes. */
import { format, limitText, outcomeOf, outcomeText, spreadText } from '../limits.mjs'
import { groupsOf } from '../results.mjs'
import { figuresOf, inOrder, measuredGoals } from './goals.mjs'
import { growthSvg } from './growth-chart.mjs'
import { growthOf, growthTables } from './growth.mjs'
import { groupSection, pictureOf } from './group.mjs'
import { introduction } from './introduction.mjs'
import { cell, ratioText, table } from './markdown.mjs'
import { keyOf, noteTitleFor } from './notes.mjs'
import { summarySvg } from './summary-chart.mjs'

/** Text of the page, and SVG by file name. `notes` by `bench: case`; `known` are the names of all benchmarks. */
export function drawPage(lines, notes, known = []) {
  const groups = inOrder(groupsOf(lines))
  const goals = measuredGoals(groups)
  const kinds = growthOf(groups)
  const dates = groups.flatMap(({ measured }) => measured?.date ?? [])
  const text = [
    introduction(groups, known),
    goalSection(goals, figuresOf(groups)),
    noteSection(figuresOf(groups), notes),
    growthSection(kinds),
    '## All figures\n',
    ...groups.map((group) => groupSection(group, dates.toSorted().at(-1))),
  ].join('\n')
  const drawn = [
    ['summary', summarySvg(goals)],
    ['growth', kinds.length > 0 ? growthSvg(kinds) : undefined],
    ...groups.map((group) => [group.bench, pictureOf(group)]),
  ].filter(([, svg]) => svg !== undefined)
  return { text, pictures: new Map(drawn.map(([name, svg]) => [`${name}.svg`, svg])) }
}

function goalSection(goals, figures) {
  const heads = ['what', 'case', 'jarcast', 'peer', 'ratio', 'spread', 'must be', '']
  const rows = goals.flatMap(({ what, figures: measured }) =>
    measured.length === 0
      ? [[what, '', '', '', '', '', '', 'no figure yet']]
      : measured.map((figure, index) => [index === 0 ? what : '', ...goalCells(figure)]),
  )
  const met = figures.filter((figure) => outcomeOf(figure) === 'met')
  return `## What it must reach

${met.length} of ${figures.length} limits are met.

![How far the figures of each promise reach their limits](benchmarks/summary.svg)

A mark for each figure: right of the line its limit is met, and at 2 by twice as much as it must be. The bar behind a mark goes
from the least to the most of the rounds; "in the median" is said of a figure whose rounds lie on both sides of its limit.

${table(heads, ['what', 'case', ''], rows)}
`
}

function goalCells(figure) {
  return [
    cell(figure.case),
    `${format(figure.value)} ${figure.unit}`,
    figure.peer === undefined ? '' : `${cell(figure.peer)}: ${format(figure.peerValue)}`,
    ratioText(figure),
    spreadText(figure),
    limitText(figure),
    outcomeText(figure),
  ]
}

/** One text for the figures that share a note. Missed figures without one are named as such: the reason is owed. */
function noteSection(figures, notes) {
  const missed = figures.filter((figure) => outcomeOf(figure) === 'missed')
  if (missed.length === 0) return ''
  const byTitle = new Map()
  for (const figure of missed) {
    const title = noteTitleFor(keyOf(figure), notes) ?? keyOf(figure)
    byTitle.set(title, [...(byTitle.get(title) ?? []), figure])
  }
  const sections = [...byTitle].map(([title, its]) => {
    const note = notes.get(title) ?? 'Not explained yet.'
    return `### ${title}\n\n${its.map(missedLine).join('\n')}\n\n${note}\n`
  })
  return `## Where it falls short\n\n${sections.join('\n')}`
}

function missedLine(figure) {
  const isOfRatio = figure.ratio !== undefined && figure.limit.of !== 'value'
  const reached = isOfRatio
    ? `${ratioText(figure)} ${figure.peer}`
    : `${format(figure.value)} ${figure.unit}`
  return `- ${figure.case}: **${reached}**, must be ${limitText(figure)}`
}

function growthSection(kinds) {
  if (kinds.length === 0) return ''
  return `## As work grows

The cost of one unit of work, or of one start, as there is ten, a hundred and a thousand times as much. In the tables a factor is to the least cost
of any smaller amount, so that a fixed cost, which makes small amounts dear, hides no growth. The pictures reach from a tenth of the
first cost to ten times as much. Executors share the memory of one host, which limits their number.

![Cost of one unit of work as there is more of it](benchmarks/growth.svg)

${growthTables(kinds)}`
}
