/**
 * What npm's libraries say of a registry that does not answer, which they ask again after 10 s,
 * then after 60 s.
 */
import type { EventEmitter } from 'node:events'

/**
 * Warns of each attempt that failed, once per registry and attempt, until the returned function is
 * called.
 * Source: make-fetch-happen 15, "remote.js"; proc-log, which emits `log` on `process`.
 */
export function tellRetries(onWarning: (message: string) => void): () => void {
  const told = new Set<string>()
  function onLog(_level: unknown, _title: unknown, text: unknown): void {
    const [, url = '', attempt, why = ''] =
      /^\w+ (\S+) attempt (\d+) failed with (\S+)$/.exec(String(text)) ?? []
    if (attempt === undefined || !URL.canParse(url)) return
    const reason = /^\d+$/.test(why) ? `answers ${why}` : `does not answer (${why})`
    const message = `registry ${new URL(url).origin} ${reason}, attempt ${attempt}`
    if (told.has(message)) return
    told.add(message)
    onWarning(message)
  }
  const events: EventEmitter = process
  events.on('log', onLog)
  return () => events.off('log', onLog)
}
