/** States of actors: as `jarcast replay` tells them, and as the page shows them. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { stateLine } from '../../../src/inspector/state-line.ts'
import { runProgram } from '../../support/processes/run-program.ts'

const jarcast = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

interface ReplayLine {
  readonly type: string
  readonly value: unknown
  readonly now: number
  readonly transitions: readonly { readonly actorId: string; readonly to?: string }[]
}

/** State of each actor after an entry, as `jarcast replay` has it. */
export function replayTo(journal: string, seq: number): Readonly<Record<string, string>> {
  const output = runProgram(process.execPath, [
    jarcast,
    'replay',
    journal,
    '--to',
    `${seq}`,
    '--json',
  ])
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReplayLine)
  const entries = lines.filter(({ type }) => type === 'entry')
  const states = new Map<string, string>()
  for (const { actorId, to } of entries.flatMap(({ transitions }) => transitions)) {
    if (to === undefined) states.delete(actorId)
    else states.set(actorId, stateLine(to.startsWith('{') ? JSON.parse(to) : to))
  }
  return Object.fromEntries(states)
}

/** State of each actor that the page shows. */
export async function shownStates(page: Page): Promise<Readonly<Record<string, string>>> {
  const rows = page.getByRole('treeitem')
  const pairs = await rows.evaluateAll((items) =>
    items.map((item) => [
      item.querySelector('.name')?.textContent ?? '',
      item.querySelector('.state')?.getAttribute('title') ?? '',
    ]),
  )
  return Object.fromEntries(pairs) as Record<string, string>
}
