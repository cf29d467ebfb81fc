import { JarcastError } from '../errors.ts'

/** Mesos' units, longest first, in milliseconds. */
const units = [
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hrs', 3_600_000],
  ['mins', 60_000],
  ['secs', 1000],
  ['ms', 1],
  ['us', 1e-3],
  ['ns', 1e-6],
] as const

const pattern = /^(-?\d+(?:\.\d+)?)(ns|us|ms|secs|mins|hrs|days|weeks)$/u

/**
 * Milliseconds of a duration in Mesos' form: `5secs`, `500ms`, `1.5mins`. No spaces, no sums.
 * Throws DURATION_INVALID. Source: apache/mesos 3rdparty/stout/include/stout/duration.hpp.
 */
export function parseDuration(text: string): number {
  const [, amount, name] = pattern.exec(text) ?? []
  const unit = units.find(([unit]) => unit === name)
  if (amount === undefined || unit === undefined || amount.length > 30) {
    const hint = 'expected a number and one of ns, us, ms, secs, mins, hrs, days, weeks'
    throw new JarcastError('DURATION_INVALID', `Not a duration: ${text.slice(0, 60)} (${hint})`)
  }
  const [unitName, factor] = unit
  // Division is exact, multiplication by 0.001 is not: 7us is 0.007 ms.
  if (unitName === 'us') return Number(amount) / 1e3
  return unitName === 'ns' ? Number(amount) / 1e6 : Number(amount) * factor
}

/**
 * A duration in Mesos' form: the longest unit that divides it. Resolution is one nanosecond.
 * Throws DURATION_INVALID if `ms` is not finite.
 */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) throw new JarcastError('DURATION_INVALID', `Not a duration: ${ms}`)
  const nanoseconds = Math.round(Math.abs(ms) * 1e6)
  const sign = ms < 0 && nanoseconds > 0 ? '-' : ''
  for (const [name, factor] of units) {
    const unit = Math.round(factor * 1e6)
    if (nanoseconds >= unit && nanoseconds % unit === 0)
      return `${sign}${nanoseconds / unit}${name}`
  }
  return '0ns'
}
