import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf } from '../../support/json-schema.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
let folder: string

beforeAll(() => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = mkdtempSync(join(tmpdir(), 'jarcast-config-'))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(
    join(folder, 'bin/jarcast'),
    `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`,
    {
      mode: 0o755,
    },
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const PATH = `${join(folder, 'bin')}:${process.env['PATH']}`
  const { stdout, stderr, status } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache'), ...env, PATH },
  })
  return { stdout, stderr, status }
}

describe('the configuration of jarcast', () => {
  it('comes from a module, an env file and variables; jarcast config says from where', () => {
    writeFileSync(
      join(folder, 'jarcast.config.ts'),
      `interface About { readonly command: string }
       export default async ({ command }: About) => ({
         master: 'local', env: { GREETING: command, API_TOKEN: 'geheim', DB_PASS: 'geheim' }, masters: 1,
         ...(await import('./sizes.ts')).default,
       })`,
    )
    writeFileSync(join(folder, 'sizes.ts'), 'export default { mem: 48 as number }')
    writeFileSync(join(folder, '.env'), 'JARCAST_MEM=40\nJARCAST_DISK=8\n')
    const files = ['--env-file', '.env']
    const env = { JARCAST_MEM: '64' }
    const shown = run('jarcast', ['config', 'exec', ...files, '--cpus', '0.2', '--json'], env)
    expect(faultsOf('config')(JSON.parse(shown.stdout))).toEqual([])
    const { settings } = JSON.parse(shown.stdout) as { settings: { setting: string }[] }
    expect(
      settings.filter((row) => 'value' in row && !['relay', 'output'].includes(row.setting)),
    ).toMatchObject([
      { setting: 'master', value: 'local', from: 'jarcast.config.ts master' },
      { setting: 'cpus', value: 0.2, from: 'command line' },
      { setting: 'mem', value: 64, from: 'JARCAST_MEM', variable: 'JARCAST_MEM' },
      { setting: 'disk', value: 8, from: 'JARCAST_DISK in .env' },
      { setting: 'env', value: { GREETING: 'exec', API_TOKEN: '***', DB_PASS: '***' } },
      { setting: 'json', value: true },
    ])
    expect(run('jarcast', ['config', 'exec', ...files]).stdout).not.toContain('geheim')
    const ran = run('jarcast', ['exec', ...files, '--', 'echo hello $GREETING'], env)
    expect(ran).toMatchObject({ status: 0, stdout: 'hello exec\n' })
    expect(run('jarcast', ['exec', '--no-config', '--', 'true'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--master is missing'),
    })
  })

  it('is completed by bash', () => {
    const script = `
      source <(jarcast completion bash)
      complete_words() {
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _jarcast; printf '%s ' "\${COMPREPLY[@]}"; echo
      }
      complete_words jarcast re
      complete_words jarcast run --wait-
      complete_words jarcast run --conflicts ''`
    const { stdout } = run('bash', ['-c', script])
    expect(stdout).toBe('resolve replay \n--wait-timeout \nwarn fail ignore \n')
  })

  it.for(['bash', 'zsh', 'fish'])('has a script that %s can read', (shell, { skip }) => {
    if (run(shell, ['-c', 'true']).status !== 0) skip(`needs ${shell}`)
    const { stdout } = run('jarcast', ['completion', shell])
    writeFileSync(join(folder, `script.${shell}`), stdout)
    expect(run(shell, ['-n', `script.${shell}`])).toMatchObject({ status: 0, stderr: '' })
  })
})
