/** Times as messages have them. */
import type { TimeInfo } from '../../mesos/types.generated.ts'

/** Seconds since 1970 as Mesos' nanoseconds; a string, because they do not fit a double exactly. */
export function toTimeInfo(seconds: number): TimeInfo {
  return { nanoseconds: `${Math.round(seconds * 1e6)}000` }
}
