/** What a terminal is told of a run: by its own process, its journal, or the master. */
import type { Json } from '../../domain/json.ts'
import type { TlsOptions } from '../../client/http/tls.ts'
import type { Credentials } from '../../client/http/credentials.ts'
import type { Life } from '../state/selectors.ts'
import type { TaskPlace } from '../sandbox/task-place.ts'

export interface RunView {
  readonly name: string
  readonly frameworkId?: string
  /** `gone`: no process of the run is known, and it has not ended. */
  readonly life: Life | 'gone'
  readonly isRegistered: boolean
  /** URL of the leading master, as last known. */
  readonly master?: string
  readonly journal?: string
  /** Of the process that runs it. */
  readonly pid?: number
  /** Host name of that process. */
  readonly host?: string
  /** Ms since the epoch. */
  readonly startedAt?: number
  /** Until when this is known, ms since the epoch. */
  readonly asOf: number
  readonly jarServer?: string
  /** Number of tasks by state. */
  readonly tasks: Readonly<Record<string, number>>
}

export interface TaskView {
  readonly id: string
  readonly name?: string
  readonly group?: string
  /**
   * Mesos' state; `waiting`, `launching`, `killing`, `not launched` or `stopped` where Mesos has
   * none.
   */
  readonly state: string
  readonly isOver: boolean
  readonly isFailure: boolean
  /** 1 for the first launch. */
  readonly attempt: number
  readonly hostname?: string
  /** Absent for a task that never was on an agent. */
  readonly place?: TaskPlace
  /** First update of this attempt that says it runs; ms since the epoch, as `endedAt`. */
  readonly startedAt?: number
  readonly endedAt?: number
  /** Download of a library that the task waits for. */
  readonly download?: Download
  readonly result?: Json
  /** The end of its output, at most 4 KiB; of a task that ended. */
  readonly logTail?: string
  readonly exitStatus?: number
  /** Why it did not finish. */
  readonly error?: { readonly code: string; readonly message: string }
}

export interface Download {
  readonly library: string
  readonly bytes: number
  readonly totalBytes: number
}

/** What became of the tasks that a kill named. */
export interface KillAnswer {
  readonly killed: readonly string[]
  /** They had ended before. */
  readonly ended: readonly string[]
  readonly unknown: readonly string[]
}

/** What it takes to read the files of agents. */
export interface ClusterAccess {
  readonly master?: string
  /** A secret. */
  readonly credentials?: Credentials
  readonly tls?: TlsOptions
}
