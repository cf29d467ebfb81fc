/** The head of the page: what was measured when and where, and how to repeat it. */
import { time } from '../progress.mjs'

/** `known` are the names of all benchmarks: those without results are named. */
export function introduction(groups, known) {
  const measured = groups.map((group) => group.measured).filter(Boolean)
  const unique = (values) => [...new Set(values)].join('; ')
  const versions = new Map(measured.flatMap((one) => Object.entries(one.versions)))
  const seconds = measured.reduce((sum, one) => sum + one.seconds, 0)
  const missing = known.filter((name) => !groups.some(({ bench }) => bench === name))
  return `# Benchmarks

<!-- Written by scripts/bench.mjs from docs/benchmarks/results.ndjson and docs/benchmarks/notes.md; do not edit. -->

What jarcast costs beside what people would use instead, both measured in the same run on the same machine.

| | |
| --- | --- |
| measured | ${unique(measured.map(({ date }) => date).toSorted()) || 'not yet'} |
| machine | ${unique(measured.map(({ cpu, memoryGb, system }) => `${cpu}, ${memoryGb} GB, ${system}`))} |
| versions | ${[...versions].map(([name, version]) => `${name} ${version}`).join(', ')} |
| took | ${time(seconds)} |
${missing.length > 0 ? `| not measured yet | ${missing.join(', ')} |\n` : ''}
Most figures are medians of five rounds in which both sides take turns, after one that does not count. The ratio is ours to the
peer's. The spread is the least and the most of the rounds: of the ratio, or of our own value where there is no ratio or the limit is
one of the value. Compare ratios, since rates differ from machine to machine. Where less is better the ratio should be small. A machine
that does other work at the same time gives other figures.

To repeat it, on two idle cores:

\`\`\`sh
npm ci && npm run build
npm run bench                    # all, with a table of each
npm run bench -- wire journal    # some, by name; --list names all
npm run bench -- --write         # all; then draws this page from the new results
\`\`\`

A peer that is not there is left out with a notice. The benchmarks fetch peers from npm, Maven Central and the Go proxy by themselves; \`npm run
bench -- --install\` first installs what Debian has, as root: nginx, Java, Maven, Go, iproute2, BusyBox and Chromium.
`
}
