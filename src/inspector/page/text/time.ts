/** Moments and durations as text. Clock times are those of the reader's time zone. */

const dayMs = 86_400_000

/** `03:12:07.123`. */
export function clockText(now: number): string {
  const date = new Date(now)
  if (Number.isNaN(date.getTime())) return String(now)
  const two = (value: number) => String(value).padStart(2, '0')
  const ms = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`
}

/** `29 Nov 2026`. */
export function dateText(now: number): string {
  const date = new Date(now)
  if (Number.isNaN(date.getTime())) return ''
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
}

/** `12 ms`, `1.5 s`, `3 min 20 s`, `5 h 2 min`, `3 d 4 h`. */
export function durationText(ms: number): string {
  const size = Math.abs(ms)
  const sign = ms < 0 ? '−' : ''
  if (size < 1000) return `${sign}${Math.round(size)} ms`
  if (size < 59_950) return `${sign}${Math.round(size / 100) / 10} s`
  const seconds = Math.round(size / 1000)
  if (seconds < 3600) return sign + pair(seconds, 60, 'min', 's')
  const minutes = Math.round(seconds / 60)
  return minutes < 1440
    ? sign + pair(minutes, 60, 'h', 'min')
    : sign + pair(Math.round(minutes / 60), 24, 'd', 'h')
}

function pair(count: number, per: number, large: string, small: string): string {
  const rest = count % per
  const whole = `${Math.floor(count / per)} ${large}`
  return rest === 0 ? whole : `${whole} ${rest} ${small}`
}

/**
 * Reads where to go: `#1200` or `1200` is an entry; `03:12`, `3:12:07` and `03:12:07.5` are the
 * latest such time of the clock between the first and the last moment, or else the next before it.
 */
export function readGoal(
  text: string,
  { startedAt, now }: { readonly startedAt: number; readonly now: number },
): { readonly seq: number } | { readonly now: number } | undefined {
  const entry = /^\s*#?(\d[\d,]{0,14})\s*$/.exec(text)?.[1]
  if (entry !== undefined) return { seq: Number(entry.replaceAll(',', '')) }
  const clock = /^\s*(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?\s*$/.exec(text)
  if (clock === null) return undefined
  const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0))
  if (hours > 23 || minutes > 59 || seconds >= 60) return undefined
  const date = new Date(now)
  date.setHours(hours, minutes, Math.floor(seconds), Math.round((seconds % 1) * 1000))
  const time = date.getTime() > now ? date.getTime() - dayMs : date.getTime()
  return { now: Math.max(startedAt, time) }
}
