/** What a lens makes of a run's state: a cluster with tasks, and libraries on hosts. */

export interface ClusterAt {
  readonly agents: readonly AgentAt[]
  /** At most 5,000: those that run or wait first, then some of those that ended. */
  readonly tasks: readonly TaskAt[]
  /** Number of all tasks, by state: `{ TASK_RUNNING: 3 }`, `waiting` for those without an agent. */
  readonly counts: Readonly<Record<string, number>>
  readonly offers: readonly OfferAt[]
}

export interface AgentAt {
  readonly id: string
  readonly host: string
  readonly isReachable: boolean
  readonly executors: readonly { readonly id: string; readonly tasks: number }[]
}

export interface TaskAt {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly agent?: string
  readonly executor?: string
  readonly isEnd: boolean
  readonly isFailure: boolean
  /** Reason and message of its last status. */
  readonly message?: string
}

export interface OfferAt {
  readonly id: string
  readonly agent: string
  readonly host: string
  /** `cpus 4, mem 4096`. */
  readonly resources: string
}

/** A stage of the run, for a first look: `registered`, `jar server started`, `offers`, `launch`. */
export interface StageAt {
  readonly title: string
  /** The actor that it is about. */
  readonly actor: string
  /** What holds now, in a few words: `2 held`. */
  readonly text: string
  readonly status: 'ahead' | 'reached' | 'over' | 'failed'
}

export interface TaskSpans {
  readonly total: number
  readonly tasks: readonly {
    readonly id: string
    readonly name: string
    readonly host?: string
    /** One after the other; the last one is open if `to` is missing. Ms since the epoch. */
    readonly spans: readonly {
      readonly state: string
      readonly from: number
      readonly to?: number
    }[]
  }[]
}

export interface LibrariesAt {
  /** The current one first. */
  readonly sets: readonly {
    readonly id: string
    readonly isCurrent: boolean
    readonly tasks: number
    readonly libraries: readonly LibraryAt[]
    /** Of a set whose libraries are not all listed. */
    readonly whole?: { readonly count: number; readonly sizeBytes: number }
    /** Path of its list, on the jar server. */
    readonly manifest?: string
  }[]
  /** Hosts, with where each fetched from: another host, or `server`. */
  readonly hosts: readonly {
    readonly host: string
    readonly from?: string
    readonly bytes?: number
    readonly relayedBytes?: number
    readonly cachedBytes?: number
  }[]
  readonly conflicts: readonly string[]
  /** Of the jar server now; missing for a journal. */
  readonly server?: {
    readonly url: string | null
    readonly requests: number
    readonly bytesServed: number
    readonly aborted: number
    /** Those that asked, by address: the first ones, and the others together. */
    readonly clients: readonly ClientAt[]
    readonly others?: { readonly hosts: number; readonly isMore: boolean } & Served
  }
  /** Hosts that relay libraries now; missing for a journal. */
  readonly relays?: readonly RelayAt[]
  /** Downloads that run now; missing for a journal. */
  readonly progress?: readonly {
    readonly host: string
    readonly library: string
    readonly bytes: number
    readonly totalBytes: number
    /** In the queue of a busy jar server. */
    readonly place?: number
  }[]
}

export interface LibraryAt {
  readonly name: string
  readonly kind: string
  readonly sha256: string
  readonly sizeBytes: number
  /** Hosts that have it. */
  readonly hosts: readonly string[]
  readonly requests?: number
  readonly bytesServed?: number
  /** Bytes that each of the server's `clients` took. */
  readonly clientBytes?: readonly number[]
  /** On the jar server. */
  readonly path?: string
}

interface Served {
  readonly requests: number
  readonly bytesServed: number
}

export interface ClientAt extends Served {
  readonly address: string
}

/** A host that fetches a library, and passes it on. */
export interface RelayAt {
  readonly sha256: string
  /** `ADDRESS:PORT`. */
  readonly host: string
  /** Of its agent. */
  readonly hostname?: string
  /** Where each part of the library comes from: `server`, or another host. */
  readonly sources: readonly string[]
  /** It has the whole library. */
  readonly isComplete: boolean
}
