import {
  savedPartAttribute,
  savedRunAttribute,
  type OpenSavedRun,
  type SavedHead,
  type SavedPart,
  type SavedTexts,
} from '../../saved/saved-run.ts'
import { createSavedSource } from '../source/saved-source.ts'
import { startPage } from '../start.tsx'
import { unpack } from './unpack.ts'

/** Opens the runs that stand in this page, and shows them. */
export async function startSavedPage(open: OpenSavedRun): Promise<void> {
  try {
    const apps = []
    for (const [index, run] of takeRuns().entries()) {
      const { head, ...texts } = await readRun(run, index)
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
  readonly states: readonly string[]
}

/** Takes the packed runs out of the page, so that they are kept no longer than needed. */
function takeRuns(): readonly PackedRun[] {
  const runs: Record<SavedPart, string[]>[] = []
  for (const element of document.querySelectorAll(`[${savedRunAttribute}]`)) {
    const index = Number(element.getAttribute(savedRunAttribute))
    const run = (runs[index] ??= { head: [], entries: [], states: [] })
    run[element.getAttribute(savedPartAttribute) as SavedPart].push(element.textContent)
    element.remove()
  }
  return runs
}

async function readRun(
  { head, entries, states }: PackedRun,
  index: number,
): Promise<SavedTexts & { readonly head: SavedHead }> {
  const read = JSON.parse((await unpack(head)).join('')) as SavedHead
  let done = 0
  const texts = await unpack(entries, () => {
    done += 1
    say(`Unpacking run ${index + 1} … ${Math.round((100 * done) / entries.length)} %`)
  })
  return { head: read, entries: texts, states: states.length === 0 ? [] : await unpack(states) }
}

function say(text: string): void {
  const root = document.getElementById('page')
  if (root !== null) root.textContent = text
}
