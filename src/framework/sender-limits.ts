/** What each sender said last, and how much of it nobody acted on: for any number of senders in bounded memory. */

/** Of so many senders at most the state is kept; of others that of the ones heard of last. */
const maxSenders = 10_000

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
    /** All values; none are left. */
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

/** Who said too much, and how much of it nobody acted on, in one period. */
export interface SenderLimited {
  readonly what: 'messages' | 'updates'
  /** Absent where there were too many senders to count each. */
  readonly agentId?: string
  readonly executorId?: string
  readonly taskId?: string
  readonly count: number
  /** Of messages: of their data; of updates: of their data and texts. */
  readonly bytes: number
}

export type Sender = Pick<SenderLimited, 'what' | 'agentId' | 'executorId' | 'taskId'>

export interface LimitReports {
  /** Counts what was dropped. */
  add(sender: Sender, bytes: number): void
  close(): void
}

const periodMs = 10_000
const maxReported = 100

/** Reports once per period and sender, for as long as something is dropped; then `onPeriod` is called. */
export function createLimitReports(
  report: (limited: SenderLimited) => void,
  onPeriod: () => void = () => undefined,
): LimitReports {
  let sums = new Map<string, { sender: Sender; count: number; bytes: number }>()
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    timer = undefined
    const told = sums
    sums = new Map()
    for (const { sender, ...sum } of told.values()) report({ ...sender, ...sum })
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
