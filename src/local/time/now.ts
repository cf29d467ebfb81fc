/** The time now, in the two forms of messages. */
import type { TimeInfo } from '../../mesos/types.generated.ts'

/** As TimeInfo, in milliseconds' resolution. */
export function nowTimeInfo(): TimeInfo {
  return { nanoseconds: `${Date.now()}000000` }
}

/** Seconds since 1970 with fractions, as TaskStatus.timestamp. */
export function nowSeconds(): number {
  return Date.now() / 1000
}
