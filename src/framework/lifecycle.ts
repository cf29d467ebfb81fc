/** The start and the end of one framework. */
import { createDeferred } from '../deferred.ts'
import { JarcastError } from '../errors.ts'
import type { SchedulerInboxEvent } from '../machines/scheduler/events.ts'
import { composeFramework } from './compose.ts'
import type { ComposeOptions, Parts } from './compose.ts'
import type { FrameworkFact } from './facts/events.ts'
import type { FrameworkStreams } from './facts/streams.ts'
import type { WatchableRun } from './inspection/watchable.ts'
import type { FrameworkSettings } from './options/settings.ts'
import { isActive } from './state/selectors.ts'

export interface LifecycleOptions extends Pick<ComposeOptions, 'inspect' | 'connect'> {
  readonly settings: FrameworkSettings
  readonly streams: FrameworkStreams
}

export class Lifecycle {
  readonly #options: LifecycleOptions
  readonly #staging = new AbortController()
  readonly #registered = createDeferred<void>()
  readonly #ended = createDeferred<void>()
  #composing: Promise<Parts> | undefined
  #parts: Parts | undefined
  readonly #onRun = new Set<(run: WatchableRun) => void>()
  #ending: Promise<void> | undefined

  constructor(options: LifecycleOptions) {
    this.#options = options
  }

  /** Undefined before the libraries are staged. */
  get parts(): Parts | undefined {
    return this.#parts
  }

  /** True once the libraries are being staged. */
  get hasBegun(): boolean {
    return this.#composing !== undefined
  }

  /**
   * Calls the listener before the run begins, or at once if it has begun. Returns how to end that.
   */
  onRun(listener: (run: WatchableRun) => void): () => void {
    if (this.#parts === undefined) this.#onRun.add(listener)
    else listener(this.#parts.watchable)
    return () => this.#onRun.delete(listener)
  }

  /** Stages the libraries and opens the journal, once; then the run begins or continues. */
  open(): Promise<Parts> {
    this.#composing ??= this.#compose()
    return this.#composing
  }

  /** Resolves once registered, or if the run in the journal is over: it is not registered again. */
  async start(): Promise<void> {
    await this.open()
    await this.#registered.promise
  }

  /** Starts the framework. Rejects with `FRAMEWORK_STOPPED` if it is over. */
  async ready(): Promise<Parts> {
    await this.start()
    if (this.#parts === undefined || !isActive(this.#parts.runtime.snapshot)) throw stopped()
    return this.#parts
  }

  /** Takes an event into the run; drops it before the start. */
  dispatch(event: SchedulerInboxEvent): void {
    this.#parts?.runtime.dispatch(event)
  }

  /** Resolves once the tasks are over and everything is closed. */
  async drain(): Promise<void> {
    await this.#finish({ type: 'framework.drain' })
  }

  async stop(detach: boolean): Promise<void> {
    this.#staging.abort(stopped())
    // With a journal, a detached run is not over: the next start continues it, as after a crash.
    if (detach && this.#options.settings.journal !== undefined) await this.#leave()
    else await this.#finish({ type: 'framework.stop', detach })
  }

  async #compose(): Promise<Parts> {
    const { settings, streams, ...options } = this.#options
    const { report } = streams
    const parts = await composeFramework(settings, {
      ...options,
      report,
      signal: this.#staging.signal,
    })
    this.#parts = parts
    parts.fact$.subscribe((fact) => this.#publish(fact))
    parts.change$.subscribe(streams.change)
    for (const listener of this.#onRun) listener(parts.watchable)
    this.#onRun.clear()
    parts.start()
    streams.change()
    // The run in the journal is over: only its outcomes are of use.
    if (!isActive(parts.runtime.snapshot)) this.#registered.resolve()
    return parts
  }

  #publish(fact: FrameworkFact): void {
    this.#options.streams.publish(fact)
    if (fact.type === 'framework.registered') this.#registered.resolve()
    if (fact.type === 'framework.stopped') void this.#end(stopped())
    if (fact.type === 'framework.failed') void this.#end(fact.error)
  }

  async #finish(event: SchedulerInboxEvent): Promise<void> {
    const parts = await this.#opened()
    if (parts === undefined) return
    if (isActive(parts.runtime.snapshot)) parts.runtime.dispatch(event)
    else await this.#end(stopped())
    await this.#ended.promise
  }

  async #leave(): Promise<void> {
    if ((await this.#opened()) === undefined) return
    await this.#end(stopped())
    await this.#ended.promise
  }

  /** Undefined if nothing was started, or the start failed: there is nothing to end. */
  async #opened(): Promise<Parts | undefined> {
    return await this.#composing?.catch(() => undefined)
  }

  #end(reason: JarcastError): Promise<void> {
    this.#ending ??= this.#endNow(reason)
    return this.#ending
  }

  async #endNow(reason: JarcastError): Promise<void> {
    this.#parts?.runtime.stop()
    this.#registered.reject(reason)
    this.#options.streams.end(reason)
    // An error of the close reaches the caller of `drain` or `stop`.
    await (this.#parts?.close() ?? Promise.resolve()).then(this.#ended.resolve, this.#ended.reject)
    this.#options.streams.close()
  }
}

function stopped(): JarcastError {
  return new JarcastError('FRAMEWORK_STOPPED', 'the framework has stopped')
}
