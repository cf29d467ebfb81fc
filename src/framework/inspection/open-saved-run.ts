import type { OpenSavedRun } from '../../inspector/saved/saved-run.ts'
import { openSavedApp } from '../../inspector/saved/open-saved-app.ts'
import { findMachine } from '../../machines/known-machines.ts'
import { lensOf } from './lens-of.ts'

/** Opens a saved run of one of our machines. */
export const openSavedRun: OpenSavedRun = (head, texts) => {
  const known = findMachine(head.machine)
  if (known === undefined) throw new Error(`this page has no machine ${head.machine}`)
  const { machine, answers } = known
  return openSavedApp({ machine, answers, lens: lensOf(machine) }, head, texts)
}
