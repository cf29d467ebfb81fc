/** The start and the end of one framework. */
import { createDeferred } from '../deferred.ts'
import { JarcastError } from '../errors.ts'
import type { SchedulerInboxEvent } from '../machines/scheduler/events.ts'
import { composeFramework } from './compose.ts'
import type { Parts } from './compose.ts'
import type { FrameworkFact } from './facts/events.ts'
import type { FrameworkStreams } from './facts/streams.ts'
import type { FrameworkOptions } from './options/options.ts'
import type { FrameworkSettings } from './options/settings.ts'
import { isActive } from './state/selectors.ts'

export class Lifecycle {
  readonly #settings: FrameworkSettings
  readonly #inspect: FrameworkOptions['inspect']
  readonly #streams: FrameworkStreams
  readonly #staging = new AbortController()
  readonly #registered = createDeferred<void>()
  #composing: Promise<Parts> | undefined
  #ending: Promise<void> | undefined
  readonly #ended = createDeferred<void>()
  #parts: Parts | undefined

  constructor(
    settings: FrameworkSettings,
    streams: FrameworkStreams,
    inspect: FrameworkOptions['inspect'],
  ) {
    this.#settings = settings
    this.#streams = streams
    this.#inspect = inspect
  }

  /** Undefined before the libraries are staged. */
  get parts(): Parts | undefined {
    return this.#parts
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
    if (detach && this.#settings.journal !== undefined) await this.#leave()
    else await this.#finish({ type: 'framework.stop', detach })
  }

  async #compose(): Promise<Parts> {
    const parts = await composeFramework(this.#settings, {
      report: this.#streams.report,
      inspect: this.#inspect,
      signal: this.#staging.signal,
    })
    this.#parts = parts
    parts.fact$.subscribe((fact) => this.#publish(fact))
    parts.change$.subscribe(this.#streams.change)
    parts.start()
    this.#streams.change()
    // The run in the journal is over: only its outcomes are of use.
    if (!isActive(parts.runtime.snapshot)) this.#registered.resolve()
    return parts
  }

  #publish(fact: FrameworkFact): void {
    this.#streams.publish(fact)
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
    this.#streams.end(reason)
    // An error of the close reaches the caller of `drain` or `stop`.
    await (this.#parts?.close() ?? Promise.resolve()).then(this.#ended.resolve, this.#ended.reject)
    this.#streams.close()
  }
}

function stopped(): JarcastError {
  return new JarcastError('FRAMEWORK_STOPPED', 'the framework has stopped')
}
