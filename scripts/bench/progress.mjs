/** Tells on stderr which benchmark runs, and how far it is: in place on a terminal, else a line at its start and end. */
import { groupsOf } from './results.mjs'

/** `earlier` are lines of results: how many figures a benchmark had, and how long it took. */
export function createProgress(names, earlier) {
  const known = new Map(groupsOf(earlier).map((group) => [group.bench, group]))
  const isTerminal = process.stderr.isTTY
  const startedAt = performance.now()
  let bench = ''
  let figures = 0
  let benchStartedAt = startedAt
  let timer

  const place = () => `[${names.indexOf(bench) + 1}/${names.length}] ${bench}`
  const show = () => {
    const { figures: all, measured } = known.get(bench) ?? { figures: [] }
    const of = all.length > 0 ? ` of about ${all.length}` : ''
    const about = measured === undefined ? '' : ` of about ${time(measured.seconds)}`
    const parts = [`${figures}${of} figures`, `${time(since(benchStartedAt))}${about}`]
    const text = `${place()}: ${parts.join(', ')}; ${time(since(startedAt))} in all`
    process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`)
  }
  return {
    start(name) {
      bench = name
      figures = 0
      benchStartedAt = performance.now()
      if (!isTerminal) return console.error(`${place()} …`)
      show()
      timer = setInterval(show, 1000)
    },
    count() {
      figures += 1
      if (isTerminal) show()
    },
    end(lines) {
      clearInterval(timer)
      if (isTerminal) process.stderr.write('\r\u001b[2K')
      const failed = lines.find((line) => line.failed !== undefined)?.failed
      const result = failed === undefined ? `${figures} figures` : `failed: ${failed}`
      console.error(`${place()}: ${result}, ${time(since(benchStartedAt))}`)
    },
  }
}

function since(start) {
  return (performance.now() - start) / 1000
}

export function time(seconds) {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
