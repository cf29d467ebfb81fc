/** Keeps the last value and the dropped events per sender, in bounded memory. */
import { defined } from '../../defined.ts'

/** Senders to keep; the ones that sent least recently are forgotten. */
const maxSenders = 10_000
const maxIdLength = 1024

/** The latest value of each sender. */
export function createLatest<V>() {
  const latest = new Map<string, V>()
  return {
    get: (sender: string): V | undefined => latest.get(sender),
    set(sender: string, value: V): void {
      latest.delete(sender)
      latest.set(sender, value)
      if (latest.size > maxSenders) forgetFirst(latest)
    },
    delete: (sender: string): boolean => latest.delete(sender),
    /** Returns and removes all values. */
    take(): readonly V[] {
      const values = [...latest.values()]
      latest.clear()
      return values
    },
  }
}

function forgetFirst(map: Map<string, unknown>): void {
  const [first] = map.keys()
  if (first !== undefined) map.delete(first)
}

/** What one sender sent above its rate in one period. */
export interface SenderLimited {
  readonly what: 'messages' | 'updates'
  /** Absent if there were too many senders to count each. */
  readonly agentId?: string
  readonly executorId?: string
  readonly taskId?: string
  readonly count: number
  /** Bytes of the data; of updates, of data and texts. */
  readonly bytes: number
}

export type Sender = Pick<SenderLimited, 'what' | 'agentId' | 'executorId' | 'taskId'>

export interface LimitReports {
  /** Counts one dropped message or update. */
  add(sender: Sender, bytes: number): void
  close(): void
}

const periodMs = 10_000
const maxReported = 100

/** Reports once per period and sender that dropped anything; then `onPeriod` is called. */
export function createLimitReports(
  report: (limited: SenderLimited) => void,
  onPeriod: () => void = () => undefined,
): LimitReports {
  let sums = new Map<string, { sender: Sender; count: number; bytes: number }>()
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    timer = undefined
    const reported = sums
    sums = new Map()
    for (const { sender, ...sum } of reported.values()) report({ ...sender, ...sum })
    onPeriod()
  }

  return {
    add(sender, bytes) {
      timer ??= setTimeout(flush, periodMs).unref()
      const isCounted = sums.size < maxReported || sums.has(JSON.stringify(sender))
      const counted = isCounted ? sender : { what: sender.what }
      const key = JSON.stringify(counted)
      const sum = sums.get(key) ?? { sender: counted, count: 0, bytes: 0 }
      sums.set(key, { ...sum, count: sum.count + 1, bytes: sum.bytes + bytes })
    },
    close() {
      clearTimeout(timer)
    },
  }
}

/** Ids of any length are cut. */
export function senderOf(
  what: Sender['what'],
  agentId: string,
  executorId: string | undefined,
): Sender {
  return {
    what,
    agentId: agentId.slice(0, maxIdLength),
    ...defined({ executorId: executorId?.slice(0, maxIdLength) }),
  }
}
