/**
 * Runs a short job behind connections that are cut, delayed, split and repeated:
 * npm run chaos -- [--seeds COUNT] [--from SEED] [--at-once COUNT].
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '4' },
  },
})
const args = ['vitest', 'run', '--project', 'int', 'test/conformance/chaos.int.test.ts']
const { status } = spawnSync('npx', [...args, '--maxConcurrency', values['at-once']], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, CHAOS_SEEDS: values.seeds, CHAOS_FROM: values.from },
  stdio: 'inherit',
})
process.exit(status ?? 1)
