/**
 * Which master leads. Masters stand in the order in which they joined, as in ZooKeeper, and the
 * first leads, until another is chosen by command or none shall. One that loses leadership ends, as
 * Mesos masters do, and joins anew.
 * Source: apache/mesos docs/high-availability.md; src/master/contender, src/master/detector.
 */
import type { MasterInfo } from '../../mesos/types.generated.ts'
import type { LeadingMaster } from '../network/links.ts'

/** A master that can be elected. */
export interface Candidate {
  readonly info: MasterInfo
  /** Takes office: what the masters before it left is known to it. */
  lead(): LeadingMaster
}

/** Is told who leads now; undefined when nobody does. */
export type Follower = (leader: LeadingMaster | undefined) => void

export interface Leadership {
  readonly leader: Candidate | undefined
  /** Whoever joins while nobody leads is elected. */
  join(candidate: Candidate): void
  /** A leader who leaves is followed by the next. */
  leave(candidate: Candidate): void
  /** The next to be elected; takes effect when the leader leaves. */
  prefer(candidate: Candidate | undefined): void
  /** While it is suspended nobody is elected. */
  setSuspended(isSuspended: boolean): void
  /** Told at once, too. */
  follow(follower: Follower): void
}

export function createLeadership(): Leadership {
  const candidates: Candidate[] = []
  const followers: Follower[] = []
  let leader: Candidate | undefined
  let master: LeadingMaster | undefined
  let preferred: Candidate | undefined
  let isSuspended = false

  function elect(): void {
    if (leader !== undefined || isSuspended) return
    leader = candidates.find((candidate) => candidate === preferred) ?? candidates[0]
    preferred = undefined
    master = leader?.lead()
    if (master !== undefined) for (const follow of followers) follow(master)
  }

  return {
    get leader() {
      return leader
    },
    join(candidate) {
      candidates.push(candidate)
      elect()
    },
    leave(candidate) {
      const index = candidates.indexOf(candidate)
      if (index >= 0) candidates.splice(index, 1)
      if (candidate !== leader) return
      leader = undefined
      master = undefined
      for (const follow of followers) follow(undefined)
      elect()
    },
    prefer(candidate) {
      preferred = candidate
    },
    setSuspended(next) {
      isSuspended = next
      elect()
    },
    follow(follower) {
      followers.push(follower)
      follower(master)
    },
  }
}
