/** Tells on stderr which benchmark runs, and how far it is: in place on a terminal, else a line at its start and end. */
import { groupsOf } from './results.mjs'

/** Of a benchmark that was never measured. */
const unknownSeconds = 30

/** `earlier` are lines of results: how many figures a benchmark had, and how long it took. */
export function createProgress(names, earlier) {
  const known = new Map(groupsOf(earlier).map((group) => [group.bench, group]))
  const secondsOf = (name) => known.get(name)?.measured?.seconds ?? unknownSeconds
  const isTerminal = process.stderr.isTTY
  const startedAt = performance.now()
  let bench = ''
  let figures = 0
  let benchStartedAt = startedAt
  let timer

  const place = () => `[${names.indexOf(bench) + 1}/${names.length}] ${bench}`
  const left = () => {
    const after = names.slice(names.indexOf(bench) + 1)
    const seconds = after.reduce((sum, name) => sum + secondsOf(name), 0)
    return `about ${time(seconds + Math.max(0, secondsOf(bench) - since(benchStartedAt)))} left`
  }
  const show = () => {
    const all = known.get(bench)?.figures.length ?? 0
    const parts = [`${figures}${all > 0 ? ` of about ${all}` : ''} figures`, left()]
    const text = `${place()}: ${time(since(benchStartedAt))}, ${parts.join('; ')}`
    process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`)
  }
  return {
    start(name) {
      bench = name
      figures = 0
      benchStartedAt = performance.now()
      if (!isTerminal) return console.error(`${place()} … ${left()}`)
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
