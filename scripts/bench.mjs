/**
 * Runs benchmarks: npm run bench [-- NAME …] [--json] [--write] [--from FILE] [--check]. Each figure has a
 * peer measured in the same run: ratios differ less between machines. It reports and does not judge: a missed
 * limit is no failure.
 *
 * --json   prints one line per figure (bench, case, value, unit, peer, peerValue, ratio, limit …), one per peer
 *          that is skipped, and one with date, machine and versions at the end of each benchmark.
 * --write  puts the results into docs/benchmarks/results.ndjson and draws docs/benchmarks.md.
 * --from   measures nothing: takes the lines of an earlier --json into the results, and draws.
 * --check  measures nothing: exits 1 if the page is not what the results give.
 */
import { parseArgs } from 'node:util'
import { benchmarks } from './bench/benchmarks.mjs'
import { staleFiles, writePage } from './bench/files.mjs'
import { createProgress } from './bench/progress.mjs'
import { merge, readLines, resultsPath } from './bench/results.mjs'
import { runBenchmark } from './bench/run.mjs'
import { summaryOf, tableOf } from './bench/tables.mjs'

const usage = `npm run bench [-- NAME …] [--json] [--write]
npm run bench -- --from FILE | --check`

const { values, positionals } = readArguments()
if (values.check) await check()
else if (values.from !== undefined) await draw(readFrom(values.from))
else await measure()

function readArguments() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        from: { type: 'string' },
      },
      allowPositionals: true,
    })
  } catch (error) {
    console.error(`${error.message}\n${usage}`)
    process.exit(2)
  }
}

async function check() {
  const stale = await staleFiles()
  if (stale.length === 0) return
  console.error(`${stale.join(', ')}: not what docs/benchmarks/results.ndjson gives; draw again:`)
  console.error('npm run bench -- --from docs/benchmarks/results.ndjson')
  process.exitCode = 1
}

function readFrom(path) {
  try {
    const lines = readLines(path)
    if (lines.length > 0) return lines
    console.error(`${path} has no lines of results, as npm run bench -- --json prints them`)
  } catch (error) {
    console.error(`${path} cannot be read: ${error.message}`)
  }
  return process.exit(2)
}

async function draw(lines) {
  const files = await writePage(merge(readLines(resultsPath), lines))
  console.error(`drawn: ${files.join(', ')}`)
}

async function measure() {
  const names = namesOf(positionals)
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => interrupted.abort(signal))
  }
  const progress = createProgress(names, readLines(resultsPath))
  const all = []
  for (const name of names) {
    if (interrupted.signal.aborted) break
    const lines = []
    progress.start(name)
    for await (const line of runBenchmark(name, interrupted.signal)) {
      lines.push(line)
      if (line.case !== undefined) progress.count()
      if (values.json) console.log(JSON.stringify(line))
    }
    progress.end(lines)
    if (!values.json) console.log(tableOf(name, lines))
    all.push(...lines)
  }
  const complete = all.filter(
    ({ bench }) => !all.some((line) => line.bench === bench && line.failed),
  )
  if (values.write && complete.length > 0) await draw(complete)
  console[values.json ? 'error' : 'log'](summaryOf(all))
  if (all.some(({ failed }) => failed !== undefined)) process.exitCode = 1
  if (interrupted.signal.aborted) process.exit(130)
}

/** A name may be the beginning of several benchmarks: `overload` of `overload-journal`. */
function namesOf(wanted) {
  const known = [...benchmarks.keys()]
  const named = wanted.map((name) =>
    known.includes(name) ? [name] : known.filter((one) => one.startsWith(`${name}-`)),
  )
  const unknown = wanted.find((_, index) => named[index].length === 0)
  if (unknown !== undefined) {
    console.error(`no benchmark is named ${unknown}; choose from ${known.join(', ')}`)
    process.exit(2)
  }
  return wanted.length > 0 ? [...new Set(named.flat())] : known
}
