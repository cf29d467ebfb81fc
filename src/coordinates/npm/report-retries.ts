/** Reports retries of npm's libraries, which they make 10 s and 60 s after a failure. */
import type { EventEmitter } from 'node:events'

/**
 * Warns of each failed attempt, once per registry and attempt, until the returned function is
 * called.
 * Source: make-fetch-happen 15, "remote.js"; proc-log, which emits `log` on `process`.
 */
export function reportRetries(onWarning: (message: string) => void): () => void {
  const seen = new Set<string>()
  function onLog(_level: unknown, _title: unknown, text: unknown): void {
    const [, url = '', attempt, why = ''] =
      /^\w+ (\S+) attempt (\d+) failed with (\S+)$/.exec(String(text)) ?? []
    if (attempt === undefined || !URL.canParse(url)) return
    const reason = /^\d+$/.test(why) ? `answers ${why}` : `does not answer (${why})`
    const message = `registry ${new URL(url).origin} ${reason}, attempt ${attempt}`
    if (seen.has(message)) return
    seen.add(message)
    onWarning(message)
  }
  const events: EventEmitter = process
  events.on('log', onLog)
  return () => events.off('log', onLog)
}
