/** More seeds: `npm run chaos -- --seeds 500`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runChaos } from './chaos-run.ts'
import type { ChaosReport } from './chaos-run.ts'

const count = Number(process.env['CHAOS_SEEDS'] ?? 20)
const first = Number(process.env['CHAOS_FROM'] ?? 1)
const seeds = Array.from({ length: count }, (_, index) => first + index)
const reports: ChaosReport[] = []

afterAll(() => {
  const sum = (name: 'tasks' | 'asMeant' | 'launches' | 'runs' | 'faults') =>
    reports.reduce((total, report) => total + report[name], 0)
  console.log(
    `${reports.length} seeds, ${sum('faults')} faulty connections: ${sum('tasks')} tasks,` +
      ` ${sum('asMeant')} of them ended as meant; ${sum('launches')} launches, ${sum('runs')} runs`,
  )
})

describe('framework, executors and jar server behind bad connections', () => {
  it.concurrent.each(seeds)('account for every task under seed %i', async (seed) => {
    const folder = await mkdtemp(join(tmpdir(), `jarcast-chaos-${seed}-`))
    const report = await runChaos(seed, folder)
    reports.push(report)
    // Files of failed runs are kept.
    expect(report.violations, `npx jarcast replay ${report.journal}`).toEqual([])
    await rm(folder, { recursive: true })
  })
})
