/** Events and answers of relay planning: hosts that send the parts of a library to each other. */

export type RelayEvent =
  /** A host starts to fetch the library and serves what it has so far. */
  | { readonly type: 'relay.joined'; readonly sha256: string; readonly host: JoiningHost }
  /** A host has the whole library and serves it. */
  | { readonly type: 'relay.finished'; readonly sha256: string; readonly hostId: string }
  /** A host no longer serves the library. */
  | { readonly type: 'relay.left'; readonly sha256: string; readonly hostId: string }
  /** A source sent a host nothing, wrong bytes, or too little. */
  | {
      readonly type: 'relay.failed'
      readonly sha256: string
      readonly hostId: string
      readonly sourceId: string
      readonly reason: RelayFault
    }

export interface JoiningHost {
  /** Address for other hosts, `ADDRESS:PORT`. */
  readonly id: string
  readonly rack?: string
  /** False for a host that other hosts cannot reach: it only downloads. */
  readonly canServe: boolean
}

/** The source of a stripe: `server`, or the id of a host. */
export type RelaySource = string

/** The jar server as a source. */
export const server = 'server'

/** Maximum number of hosts that relay one library; further hosts fetch from the server. */
export const maxRelayHosts = 1000

export type RelayFault = 'dead' | 'wrong' | 'slow'

/** Params of `fx.answerRelay`: the new sources of hosts that fetch one library. */
export interface RelayAnswers {
  readonly sha256: string
  readonly answers: readonly RelayAnswer[]
}

export interface RelayAnswer {
  readonly hostId: string
  /** The source of each stripe. */
  readonly sources: readonly RelaySource[]
  /** Hops from the server to the host, for each stripe. */
  readonly hops: readonly number[]
}
