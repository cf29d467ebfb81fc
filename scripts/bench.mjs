/**
 * Runs benchmarks: npm run bench [-- NAME …] [options]. Each figure has a peer measured in the same run: ratios
 * differ less between machines. It reports and does not judge: a missed limit is no failure. A benchmark that
 * fails does not end the others; the exit code is then 1.
 */
import { parseArgs } from 'node:util'
import { benchmarks } from './bench/benchmarks.mjs'
import { noteFaults, staleFiles, writePage } from './bench/files.mjs'
import { installPeers } from './bench/install.mjs'
import { createProgress } from './bench/progress.mjs'
import { merge, readLines, resultsPath, sortOut } from './bench/results.mjs'
import { runBenchmark } from './bench/run.mjs'
import { listOf, summaryOf, tableOf } from './bench/tables.mjs'

const usage = `npm run bench [-- NAME …] [--json] [--write] [--install]
npm run bench -- --list | --from FILE | --check

NAME        measures only these; the beginning of names stands for all of them
--json      prints one line per figure, with its spread, peer, ratio and limit, one per peer that is
            skipped, and one with date, machine and versions at the end of each benchmark
--write     keeps the results in docs/benchmarks/results.ndjson and draws docs/benchmarks.md
--install   installs what Debian has, as root: nginx, Java, Maven, Go, iproute2, BusyBox, Chromium
--list      names all benchmarks, with the time that each took last
--from      measures nothing: keeps the lines of an earlier --json, and draws
--check     measures nothing: exits with 1 if the page is not what the results give, if a figure that
            misses its limit has no note, or if a note is about no such figure`

const { values, positionals } = readArguments()
if (values.help) console.log(usage)
else if (values.list) console.log(listOf(readLines(resultsPath)))
else if (values.check) await check()
else if (values.from !== undefined) await keep(readFrom(values.from))
else await measure()

function readArguments() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        install: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        from: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
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
  const faults = await noteFaults()
  if (stale.length > 0) {
    console.error(`${stale.join(', ')}: not what docs/benchmarks/results.ndjson gives; draw again:`)
    console.error('npm run bench -- --from docs/benchmarks/results.ndjson')
  }
  for (const fault of faults) console.error(`docs/benchmarks/notes.md: ${fault}`)
  if (stale.length > 0 || faults.length > 0) process.exitCode = 1
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
  for (const fault of await noteFaults()) console.error(`docs/benchmarks/notes.md: ${fault}`)
}

async function measure() {
  const names = namesOf(positionals)
  if (values.install) installPeers()
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
    if (!values.json && lines.some((line) => line.case !== undefined)) {
      console.log(tableOf(name, lines))
    }
    all.push(...lines)
  }
  if (values.write) await keep(all)
  console[values.json ? 'error' : 'log'](summaryOf(all))
  if (all.some(({ failed }) => failed !== undefined)) process.exitCode = 1
  if (interrupted.signal.aborted) process.exit(130)
}

/** What is measured to its end replaces earlier results; those of a benchmark that failed stay. */
async function keep(lines) {
  const { complete, cut } = sortOut(lines)
  if (cut.length > 0) console.error(`not kept, since not measured to their end: ${cut.join(', ')}`)
  if (complete.length > 0) await draw(complete)
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
