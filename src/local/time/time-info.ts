/** Times as messages have them. */
import type { TimeInfo } from '../../mesos/types.generated.ts'

/** Seconds since 1970 as TimeInfo. Nanoseconds are a string: a double is not exact. */
export function toTimeInfo(seconds: number): TimeInfo {
  return { nanoseconds: `${Math.round(seconds * 1e6)}000` }
}
