/**
 * What the jar server hears of the hosts that pass a library on to each other, and what they are
 * told.
 */

export type RelayEvent =
  /** A host begins to fetch the library, and serves what it has of it. */
  | { readonly type: 'relay.joined'; readonly sha256: string; readonly host: JoiningHost }
  /** It has all of it, and goes on serving it. */
  | { readonly type: 'relay.finished'; readonly sha256: string; readonly hostId: string }
  /** It serves the library no longer. */
  | { readonly type: 'relay.left'; readonly sha256: string; readonly hostId: string }
  /** It got nothing, wrong bytes, or too little from a source. */
  | {
      readonly type: 'relay.failed'
      readonly sha256: string
      readonly hostId: string
      readonly sourceId: string
      readonly reason: RelayFault
    }

export interface JoiningHost {
  readonly id: string
  readonly rack?: string
  readonly canServe: boolean
}

/** The source of a stripe: `server`, or the id of a host. */
export type RelaySource = string

/** The jar server as a source. */
export const server = 'server'

/** Maximum number of hosts that relay one library; further hosts fetch from the server. */
export const maxRelayHosts = 1000

export type RelayFault = 'dead' | 'wrong' | 'slow'

/** Params of `fx.answerRelay`: where hosts take the stripes of a library from, from now on. */
export interface RelayAnswers {
  readonly sha256: string
  readonly answers: readonly RelayAnswer[]
}

export interface RelayAnswer {
  readonly hostId: string
  /** Of each stripe. */
  readonly sources: readonly RelaySource[]
  /** Of each stripe, how many hosts it passes through on its way. */
  readonly hops: readonly number[]
}
