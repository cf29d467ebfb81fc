/**
 * Records the golden journals in test/fixtures/journals. With --check, replays the existing ones:
 * fails at the first entry that leads to another state than the recorded one.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { importTypeScript } from './support/import-typescript.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}test/fixtures/journals/`
process.exitCode = process.argv.includes('--check') ? await check() : await generate()

async function generate() {
  const { goldenJournals } = await importTypeScript(`${folder}scenarios.ts`)
  const { writeJournal } = await importTypeScript(`${root}src/exports/testing.ts`)
  for (const [name, journal] of Object.entries(goldenJournals())) {
    if (journal.failure !== undefined) throw journal.failure
    writeJournal(`${folder}${name}.ndjson`, journal)
  }
  return 0
}

async function check() {
  const { verifyJournal } = await importTypeScript(`${root}src/cli/journal/verify-journal.ts`)
  const files = readdirSync(folder).filter((name) => name.endsWith('.ndjson'))
  const problems = files.flatMap((name) => {
    try {
      const { checks } = verifyJournal(`${folder}${name}`)
      return checks > 0 ? [] : [`${name} records no state`]
    } catch (error) {
      return [String(error)]
    }
  })
  if (problems.length === 0) return 0
  console.error(`${problems.join('\n')}\nWhat to do: CONTRIBUTING.md, "Journals of the past"`)
  return 1
}
