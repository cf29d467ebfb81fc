import {
  savedPartAttribute,
  savedRunAttribute,
  type OpenSavedRun,
  type SavedHead,
} from '../../saved/saved-run.ts'
import { createSavedSource } from '../source/saved-source.ts'
import { startPage } from '../start.tsx'
import { unpack } from './unpack.ts'

/** Opens the runs that stand in this page, and shows them. */
export async function startSavedPage(open: OpenSavedRun): Promise<void> {
  try {
    const apps = []
    for (const [index, run] of takeRuns().entries()) {
      const [head, texts] = await readRun(run, index)
      apps.push(open(head, texts))
    }
    startPage(createSavedSource(apps))
  } catch (error) {
    say(`This file cannot be shown: ${(error as Error).message}`)
  }
}

interface PackedRun {
  readonly head: readonly string[]
  readonly entries: readonly string[]
}

/** Takes the packed runs out of the page, so that they are kept no longer than needed. */
function takeRuns(): readonly PackedRun[] {
  const runs: { head: string[]; entries: string[] }[] = []
  for (const element of document.querySelectorAll(`[${savedRunAttribute}]`)) {
    const index = Number(element.getAttribute(savedRunAttribute))
    const run = (runs[index] ??= { head: [], entries: [] })
    const isHead = element.getAttribute(savedPartAttribute) === 'head'
    run[isHead ? 'head' : 'entries'].push(element.textContent)
    element.remove()
  }
  return runs
}

async function readRun(
  { head, entries }: PackedRun,
  index: number,
): Promise<[SavedHead, readonly string[]]> {
  const read = JSON.parse((await unpack(head)).join('')) as SavedHead
  let done = 0
  const texts = await unpack(entries, () => {
    done += 1
    say(`Unpacking run ${index + 1} … ${Math.round((100 * done) / entries.length)} %`)
  })
  return [read, texts]
}

function say(text: string): void {
  const root = document.getElementById('page')
  if (root !== null) root.textContent = text
}
