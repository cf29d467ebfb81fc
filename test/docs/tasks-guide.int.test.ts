import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'

const guide = new URL('../../docs/guides/tasks.md', import.meta.url)
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const guideText = await readFile(guide, 'utf8')
const blocksOf = (language: string): readonly string[] =>
  [...guideText.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, code = '']) => code,
  )
const blocks = blocksOf('js')
let cluster: LocalCluster
let folder: string
let framework: Framework
let fetching: Framework

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-guide-'))
  const words = join(folder, 'words.txt')
  await writeFile(words, 'fetched by Mesos\n')
  const sums = join(folder, 'sums.mjs')
  await writeFile(sums, 'export const add = (one, other) => one + other\n')
  cluster = await startLocalCluster({ open: true, agents: 3, allocationIntervalMs: 50 })
  const executor = { node: process.execPath }
  framework = createFramework({ master: cluster.url, libraries: [words, sums], executor })
  fetching = createFramework({ master: cluster.url, libraries: [words], delivery: 'fetcher' })
})

afterAll(async () => {
  await Promise.all([framework.stop(), fetching.stop()])
  await cluster.close()
  await rm(folder, { recursive: true })
})

/** Runs a block as the body of an async function; gives what it named `results`, `checked` or `refused`. */
async function runBlock(code: string): Promise<Record<string, unknown>> {
  const names = ['results', 'checked', 'refused'].filter((name) => code.includes(`const ${name} =`))
  const body = `return (async () => { ${code}; return { ${names.join(', ')} } })()`
  // oxlint-disable-next-line no-new-func, no-implied-eval, typescript/no-implied-eval
  const run = new Function('framework', 'fetching', body) as (
    ...frameworks: readonly Framework[]
  ) => Promise<Record<string, unknown>>
  return await run(framework, fetching)
}

describe('docs/guides/tasks.md', () => {
  it('has its blocks of code', () => {
    expect(blocks).toHaveLength(13)
  })

  it.each(blocks.map((code, index) => [index, code]))('block %i runs', async (_, code) => {
    const healthy = new Promise<void>((resolve) => {
      framework.on('task.updated', ({ taskId, status }) => {
        if (taskId === 'service' && status?.healthy === true) resolve()
      })
    })
    const { results, checked, refused } = await runBlock(code)
    if (refused !== undefined)
      expect(refused).toMatchObject({
        code: 'PLACEMENT_TIMEOUT',
        message: expect.stringMatching(/at least 1000(\.\d+)? cpus.*the best agent.*too few cpus/),
      })
    if (results !== undefined) expect(results).toEqual([undefined, undefined])
    if (checked === undefined) return
    await healthy
    framework.kill('service')
    await expect(checked).rejects.toMatchObject({ details: { state: 'TASK_KILLED' } })
  })

  it('has a command with a container, secrets and a name that runs', async () => {
    if (!existsSync(main)) throw new Error('this test runs the built program: npm run build')
    const [command = ''] = blocksOf('sh')
    const jarcast = `jarcast() { "${process.execPath}" "${main}" "$@"; }`
    const child = spawn('/bin/sh', ['-ec', `${jarcast}\n${command}`], {
      env: { ...process.env, MASTER: cluster.url, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    const [, port = ''] = /^port (\d+)$/m.exec(stdout) ?? []
    expect(Number(port)).toBeGreaterThan(1000)
    const known = await (await fetch(`${cluster.url}/tasks`)).json()
    const { tasks } = known as { readonly tasks: readonly Record<string, unknown>[] }
    const task = tasks.find(({ discovery }) => JSON.stringify(discovery ?? '').includes('"shop"'))
    expect(task).toMatchObject({
      discovery: { ports: { ports: [{ name: 'http', number: Number(port) }] } },
      container: {
        network_infos: [{ name: 'overlay', port_mappings: [{ host_port: Number(port) }] }],
        volumes: [{ source: { secret: { reference: { name: 'tls', key: 'key' } } } }],
      },
    })
  })
})
