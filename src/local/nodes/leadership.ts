/**
 * Election of the leading master. The first in order of joining leads, as in ZooKeeper, unless a
 * command chose another or suspended leadership. A master that loses leadership ends, as Mesos
 * masters do, and joins again.
 * Source: apache/mesos docs/high-availability.md; src/master/contender, src/master/detector.
 */
import type { MasterInfo } from '../../mesos/types.generated.ts'
import type { LeadingMaster } from '../network/links.ts'

/** A master that can be elected. */
export interface Candidate {
  readonly info: MasterInfo
  /** Starts to lead, with the registry of earlier leaders. */
  lead(): LeadingMaster
}

/** Called with the new leader; undefined if there is none. */
export type Follower = (leader: LeadingMaster | undefined) => void

export interface Leadership {
  readonly leader: Candidate | undefined
  /** Adds a candidate. It is elected if no master leads. */
  join(candidate: Candidate): void
  /** Removes a candidate. If it led, the next is elected. */
  leave(candidate: Candidate): void
  /** Sets the next leader, elected when the leader leaves. */
  prefer(candidate: Candidate | undefined): void
  /** While suspended, no master is elected. */
  setSuspended(isSuspended: boolean): void
  /** Calls the follower now and at each change. */
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
