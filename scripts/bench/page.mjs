/** docs/benchmarks.md and its pictures, from the lines of results and the notes. */
import { chartSvg } from './chart.mjs'
import { figuresOf, goals } from './goals.mjs'
import { growthTable } from './growth.mjs'
import { format, limitText, outcomeOf } from './limits.mjs'
import { groupsOf } from './results.mjs'

/** Text of the page, and SVG by file name. `notes` by `bench: case`. */
export function drawPage(lines, notes) {
  const groups = groupsOf(lines)
  const pictures = new Map(
    groups
      .filter(hasPicture)
      .map((group) => [
        `${group.bench}.svg`,
        chartSvg(`${titleOf(group)}: jarcast beside its peers`, group.figures.filter(isCompared)),
      ]),
  )
  const text = [
    introduction(groups),
    goalSection(groups),
    noteSection(groups, notes),
    growthSection(groups),
    '## All figures\n',
    ...groups.map(groupSection),
  ].join('\n')
  return { text, pictures }
}

function introduction(groups) {
  const measured = groups.map((group) => group.measured).filter(Boolean)
  const unique = (values) => [...new Set(values)].join('; ')
  const versions = new Map(measured.flatMap((one) => Object.entries(one.versions)))
  const seconds = measured.reduce((sum, one) => sum + one.seconds, 0)
  return `# Benchmarks

<!-- Written by scripts/bench.mjs from docs/benchmarks/results.ndjson and docs/benchmarks/notes.md; do not edit. -->

What jarcast costs beside what people would use instead, both measured in the same run on the same machine.

| | |
| --- | --- |
| measured | ${unique(measured.map(({ date }) => date)) || 'not yet'} |
| machine | ${unique(measured.map(({ cpu, memoryGb, system }) => `${cpu}, ${memoryGb} GB, ${system}`))} |
| versions | ${[...versions].map(([name, version]) => `${name} ${version}`).join(', ')} |
| took | ${Math.ceil(seconds / 60)} min |

Most figures are medians of five rounds in which both sides take turns, after one that does not count. The ratio is ours to the
peer's: compare ratios, since rates differ from machine to machine. Where less is better the ratio should be small. A machine that does
other work at the same time gives other figures.

To repeat it, on two idle cores:

\`\`\`sh
npm run bench                    # all, with a table of each
npm run bench -- wire journal    # some, by name
npm run bench -- --write         # all; then draws this page from the new results
\`\`\`

The peers are installed by the benchmarks or, where they cannot be (\`apt-get install nginx-light default-jre-headless golang-go\`), left out.
`
}

function goalSection(groups) {
  const rows = goals.flatMap((goal) => {
    const figures = figuresOf(goal, groups)
    if (figures.length === 0) return [`| ${goal.what} | | | | | | no figure yet |`]
    return figures.map(
      (figure, index) => `| ${index === 0 ? goal.what : ''} | ${goalCells(figure)} |`,
    )
  })
  const all = groups.flatMap(({ figures }) => figures).filter(({ limit }) => limit !== undefined)
  const met = all.filter((figure) => outcomeOf(figure) === 'met')
  return `## What it must reach

${met.length} of ${all.length} limits are met.

| what | case | jarcast | peer | ratio | must be | |
| --- | --- | ---: | ---: | ---: | ---: | --- |
${rows.join('\n')}
`
}

function goalCells(figure) {
  return [
    cell(figure.case),
    `${format(figure.value)} ${figure.unit}`,
    figure.peer === undefined ? '' : `${cell(figure.peer)}: ${format(figure.peerValue)}`,
    ratioText(figure),
    limitText(figure),
    outcomeText(figure),
  ].join(' | ')
}

/** Missed figures without a note are named as such: the reason is owed. */
function noteSection(groups, notes) {
  const missed = groups.flatMap(({ bench, figures }) =>
    figures
      .filter((figure) => outcomeOf(figure) === 'missed')
      .map((figure) => ({ key: `${bench}: ${figure.case}`, figure })),
  )
  if (missed.length === 0) return ''
  const byKey = new Map()
  for (const { key, figure } of missed) byKey.set(key, [...(byKey.get(key) ?? []), figure])
  const sections = [...byKey].map(([key, figures]) => {
    const values = figures.map(
      (figure) =>
        `${figure.peer === undefined ? '' : `beside ${figure.peer} `}${ratioText(figure) || `${format(figure.value)} ${figure.unit}`}, must be ${limitText(figure)}`,
    )
    return `### ${key}\n\n_${values.join('; ')}._\n\n${noteFor(key, notes) ?? 'Not explained yet.'}\n`
  })
  return `## Where it falls short\n\n${sections.join('\n')}`
}

/** The note of a case, or of cases that begin so: `jar-server: 1 kB`. */
function noteFor(key, notes) {
  const [, text] =
    [...notes]
      .filter(([title]) => key.startsWith(title))
      .toSorted(([one], [other]) => other.length - one.length)[0] ?? []
  return text
}

function growthSection(groups) {
  const table = growthTable(groups)
  return table === '' ? '' : `## As work grows\n\n${table}`
}

function groupSection(group) {
  const { bench, about, figures, skipped, failed, measured } = group
  const picture = hasPicture(group)
    ? `![${titleOf(group)}: jarcast beside its peers](benchmarks/${bench}.svg)\n`
    : ''
  const hasCpu = figures.some(({ cpuUs }) => cpuUs !== undefined)
  const heads = ['case', 'jarcast', 'unit', 'peer', "peer's", 'ratio', 'must be', '']
  if (hasCpu) heads.splice(6, 0, 'CPU µs per unit', "peer's CPU")
  const rows = figures.map((figure) => {
    const cells = [
      cell(figure.case),
      format(figure.value),
      figure.unit,
      cell(figure.peer ?? ''),
      format(figure.peerValue),
      ratioText(figure),
      limitText(figure),
      outcomeText(figure),
    ]
    if (hasCpu) cells.splice(6, 0, format(figure.cpuUs), format(figure.peerCpuUs))
    return `| ${cells.join(' | ')} |`
  })
  const notes = [
    ...skipped.map(({ peer, skipped }) => `- ${peer ? `${peer}: ` : ''}not measured, ${skipped}`),
    ...(failed === undefined ? [] : [`- failed: ${failed}`]),
  ]
  return `### ${titleOf(group)}

${about}${measured === undefined ? '' : ` (\`npm run bench -- ${bench}\`, ${Math.ceil(measured.seconds)} s)`}

${picture}
| ${heads.join(' | ')} |
| ${heads.map(alignment).join(' | ')} |
${rows.join('\n')}
${notes.length > 0 ? `\n${notes.join('\n')}\n` : ''}`
}

function alignment(head) {
  return ['case', 'unit', 'peer', ''].includes(head) ? '---' : '---:'
}

function hasPicture({ figures }) {
  return figures.some(isCompared)
}

function isCompared({ peerValue, limit }) {
  return Number.isFinite(peerValue) || limit !== undefined
}

/** `jar-server` is `Jar server`. */
function titleOf({ bench }) {
  const words = bench.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function ratioText({ ratio }) {
  return Number.isFinite(ratio) ? `${format(ratio)} ×` : ''
}

function outcomeText(figure) {
  return { met: '✓', missed: '✗ missed' }[outcomeOf(figure)] ?? ''
}

function cell(text) {
  return text.replaceAll('|', '\\|')
}
