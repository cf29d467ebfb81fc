/** Frames of earlier versions of the superset, made into today's one version after the other. */
import { frameVersion } from '../protocol/frames.ts'
import type { Members } from './read-value.ts'

/** From each version to the next; the first one is version 1. */
const upgrades: Readonly<Record<number, (frame: Members) => Members>> = {}

/** Returns the frame as `frameVersion` has it. */
export function upgradeFrame(frame: Members, version: number): Members {
  let upgraded = frame
  for (let from = version; from < frameVersion; from += 1)
    upgraded = upgrades[from]?.(upgraded) ?? upgraded
  return upgraded
}
