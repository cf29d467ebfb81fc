/** The queue of waiting requests: pure bookkeeping of senders, their streams and their requests. */

/** The place of a request that was not admitted. */
export interface Place {
  /** 1 is next. */
  readonly place: number
  /** Number of waiting requests, including this one. */
  readonly waiting: number
  /** Time after which a retry makes sense. */
  readonly retryAfterSeconds: number
}

export interface WaitingLineOptions {
  /** Streams of all senders together; one sender gets half of them at most. */
  readonly maxStreams: number
  readonly maxWaiting: number
}

export interface WaitingLine<Entry> {
  /**
   * Gives the sender a stream and returns true, if one is free and no other request waits for it.
   */
  tryEnter(sender: string, nowMs: number): boolean
  /**
   * Appends an entry to those of its sender. If the queue is too long, returns the entry that was
   * dropped, which may be this one.
   */
  add(
    sender: string,
    entry: Entry,
    nowMs: number,
  ): { readonly entry: Entry; readonly place: Place } | undefined
  remove(sender: string, entry: Entry): void
  /** Removes and returns the entry that gets the next stream; undefined when there is none. */
  takeNext(nowMs: number): Entry | undefined
  /** Ends a stream of the sender. */
  leave(sender: string, nowMs: number): void
  placeOf(sender: string, entry: Entry): Place
  isEmpty(): boolean
}

interface Sender<Entry> {
  streams: number
  readonly waiting: Entry[]
  /** When it was last admitted, or else first seen; kept for a sender that was told to retry. */
  sinceMs: number
  seenMs: number
}

/** A sender without requests and streams is remembered for this long, so that it keeps its turn. */
const rememberMs = 120_000
const maxRemembered = 4096
const maxRetrySeconds = 30
/** Weight of each ended stream in the mean time between two ends. */
const weight = 1 / 8
/** A longer gap means that no client came. */
const maxGapMs = 5000

export function createWaitingLine<Entry>(options: WaitingLineOptions): WaitingLine<Entry> {
  const { maxStreams, maxWaiting } = options
  const maxOfOne = Math.ceil(maxStreams / 2)
  const senders = new Map<string, Sender<Entry>>()
  let streams = 0
  let waiting = 0
  let meanMs = 100
  let lastEndMs: number | undefined

  function senderFor(name: string, nowMs: number): Sender<Entry> {
    const sender = senders.get(name) ?? { streams: 0, waiting: [], sinceMs: nowMs, seenMs: nowMs }
    sender.seenMs = nowMs
    // The map is ordered by last use.
    senders.delete(name)
    senders.set(name, sender)
    forgetOthers(nowMs)
    return sender
  }

  function forgetOthers(nowMs: number): void {
    for (const [name, sender] of senders) {
      const isRecent = nowMs - sender.seenMs <= rememberMs
      if (isRecent && senders.size <= maxRemembered) return
      if (sender.streams === 0 && sender.waiting.length === 0) senders.delete(name)
    }
  }

  function canHaveOne({ streams: own }: Sender<Entry>): boolean {
    return streams < maxStreams && own < maxOfOne
  }

  function letIn(sender: Sender<Entry>, nowMs: number): void {
    streams += 1
    sender.streams += 1
    sender.sinceMs = nowMs
  }

  function isBefore(one: Sender<Entry>, other: Sender<Entry>): boolean {
    if (one.streams !== other.streams) return one.streams < other.streams
    return one.sinceMs < other.sinceMs
  }

  /** Counts the requests that would be admitted first if no stream ended otherwise. */
  function placeAt(own: Sender<Entry>, index: number): Place {
    let place = 1
    for (const other of senders.values()) {
      const ahead =
        own.streams + index - other.streams + (other !== own && isEarlier(other, own) ? 1 : 0)
      place += other === own ? index : Math.max(0, Math.min(other.waiting.length, ahead))
    }
    const seconds = Math.ceil((place * meanMs) / 1000)
    const retryAfterSeconds = Math.min(maxRetrySeconds, Math.max(1, seconds))
    return { place, waiting: Math.max(waiting, place), retryAfterSeconds }
  }

  function isEarlier(one: Sender<Entry>, other: Sender<Entry>): boolean {
    return one.sinceMs < other.sinceMs
  }

  function longest(): Sender<Entry> | undefined {
    let most: Sender<Entry> | undefined
    for (const sender of senders.values()) {
      if (most === undefined || sender.waiting.length > most.waiting.length) most = sender
    }
    return most
  }

  function placeOf(name: string, entry: Entry): Place {
    const sender = senders.get(name)
    if (sender === undefined) return { place: 1, waiting: 1, retryAfterSeconds: 1 }
    return placeAt(sender, Math.max(0, sender.waiting.indexOf(entry)))
  }

  return {
    isEmpty: () => waiting === 0,
    placeOf,
    tryEnter(name, nowMs) {
      const sender = senderFor(name, nowMs)
      if (sender.waiting.length > 0 || !canHaveOne(sender)) return false
      letIn(sender, nowMs)
      return true
    },
    add(name, entry, nowMs) {
      const sender = senderFor(name, nowMs)
      sender.waiting.push(entry)
      waiting += 1
      if (waiting <= maxWaiting) return undefined
      // The sender with the most requests loses one, so none can fill the queue for others.
      const most = longest()
      const crowd =
        most !== undefined && most.waiting.length > sender.waiting.length ? most : sender
      const place = placeAt(crowd, crowd.waiting.length - 1)
      const last = crowd.waiting.pop()
      waiting -= 1
      return last === undefined ? undefined : { entry: last, place }
    },
    remove(name, entry) {
      const { waiting: entries = [] } = senders.get(name) ?? {}
      const index = entries.indexOf(entry)
      if (index < 0) return
      entries.splice(index, 1)
      waiting -= 1
    },
    takeNext(nowMs) {
      let best: Sender<Entry> | undefined
      for (const sender of senders.values()) {
        if (sender.waiting.length === 0 || !canHaveOne(sender)) continue
        if (best === undefined || isBefore(sender, best)) best = sender
      }
      const entry = best?.waiting.shift()
      if (best === undefined || entry === undefined) return undefined
      waiting -= 1
      letIn(best, nowMs)
      return entry
    },
    leave(name, nowMs) {
      const sender = senders.get(name)
      if (sender === undefined) return
      sender.streams -= 1
      streams -= 1
      if (lastEndMs !== undefined)
        meanMs += (Math.min(maxGapMs, nowMs - lastEndMs) - meanMs) * weight
      lastEndMs = nowMs
    },
  }
}
