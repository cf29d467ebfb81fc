/** Waits for facts, with a limit and the name of what is awaited. */
import { setTimeout as delay } from 'node:timers/promises'
import { waitMs } from './patience.ts'

/** Between two looks, ms. */
const lookEveryMs = 10

type Found<T> = Exclude<T, false | undefined>

/** Looks again until there is something. Rejects after `limitMs`, naming `what` is awaited. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = waitMs,
): Promise<Found<T>> {
  const begunAt = performance.now()
  for (;;) {
    const found = await within(what, look(), limitMs)
    if (found !== false && found !== undefined) return found as Found<T>
    if (performance.now() - begunAt > limitMs) throw late(what, limitMs)
    await delay(lookEveryMs)
  }
}

/** As the promise; rejects after `limitMs`, naming what is awaited, as it is known then. */
export async function within<T>(
  what: string | (() => string),
  awaited: T | Promise<T>,
  limitMs = waitMs,
): Promise<T> {
  if (!(awaited instanceof Promise)) return awaited
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    const end = () => reject(late(typeof what === 'string' ? what : what(), limitMs))
    timer = setTimeout(end, limitMs)
  })
  return await Promise.race([awaited, limit]).finally(() => clearTimeout(timer))
}

function late(what: string, limitMs: number): Error {
  return new Error(`not within ${limitMs / 1000} s: ${what}`)
}
