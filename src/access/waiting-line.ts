/** The queue of waiting requests: counts the streams and keeps the requests of each sender. */
import { createRetryTime } from './retry-time.ts'
import { countPlace, findLargest, findNext, useSender } from './waiting-senders.ts'
import type { Sender, Senders } from './waiting-senders.ts'

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

export class WaitingLine<Entry> {
  readonly #options: WaitingLineOptions
  readonly #maxOfOne: number
  readonly #senders: Senders<Entry> = new Map()
  readonly #retryTime = createRetryTime()
  #streams = 0
  #waiting = 0

  constructor(options: WaitingLineOptions) {
    this.#options = options
    this.#maxOfOne = Math.ceil(options.maxStreams / 2)
  }

  isEmpty(): boolean {
    return this.#waiting === 0
  }

  /**
   * Gives the sender a stream and returns true, if one is free and no other request waits for it.
   */
  tryEnter(name: string, nowMs: number): boolean {
    const sender = useSender(this.#senders, name, nowMs)
    const isFree = this.#streams < this.#options.maxStreams && sender.streams < this.#maxOfOne
    if (sender.waiting.length > 0 || !isFree) return false
    this.#letIn(sender, nowMs)
    return true
  }

  /**
   * Appends an entry to those of its sender. If the queue is too long, the sender with the most
   * requests loses its last one, so that none can fill the queue for others. Returns that entry,
   * which may be this one.
   */
  add(
    name: string,
    entry: Entry,
    nowMs: number,
  ): { readonly entry: Entry; readonly place: Place } | undefined {
    const sender = useSender(this.#senders, name, nowMs)
    sender.waiting.push(entry)
    this.#waiting += 1
    if (this.#waiting <= this.#options.maxWaiting) return undefined
    const crowd = findLargest(this.#senders, sender)
    const place = this.#placeAt(crowd, crowd.waiting.length - 1)
    const last = crowd.waiting.pop()
    this.#waiting -= 1
    return last === undefined ? undefined : { entry: last, place }
  }

  remove(name: string, entry: Entry): void {
    const { waiting = [] } = this.#senders.get(name) ?? {}
    const index = waiting.indexOf(entry)
    if (index < 0) return
    waiting.splice(index, 1)
    this.#waiting -= 1
  }

  /** Removes and returns the entry that gets the next stream; undefined when there is none. */
  takeNext(nowMs: number): Entry | undefined {
    if (this.#waiting === 0 || this.#streams >= this.#options.maxStreams) return undefined
    const sender = findNext(this.#senders, this.#maxOfOne)
    const entry = sender?.waiting.shift()
    if (sender === undefined || entry === undefined) return undefined
    this.#waiting -= 1
    this.#letIn(sender, nowMs)
    return entry
  }

  /** Ends a stream of the sender. */
  leave(name: string, nowMs: number): void {
    const sender = this.#senders.get(name)
    if (sender === undefined) return
    sender.streams -= 1
    this.#streams -= 1
    this.#retryTime.noteEnd(nowMs)
  }

  placeOf(name: string, entry: Entry): Place {
    const sender = this.#senders.get(name)
    if (sender === undefined) return { place: 1, waiting: 1, retryAfterSeconds: 1 }
    return this.#placeAt(sender, Math.max(0, sender.waiting.indexOf(entry)))
  }

  #letIn(sender: Sender<Entry>, nowMs: number): void {
    this.#streams += 1
    sender.streams += 1
    sender.sinceMs = nowMs
  }

  #placeAt(sender: Sender<Entry>, index: number): Place {
    const place = countPlace(this.#senders, sender, index)
    const retryAfterSeconds = this.#retryTime.secondsAt(place)
    return { place, waiting: Math.max(this.#waiting, place), retryAfterSeconds }
  }
}
