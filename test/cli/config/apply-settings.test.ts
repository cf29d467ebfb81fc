import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { applySettings } from '../../../src/cli/config/apply-settings.ts'
import { addConfigFlags } from '../../../src/cli/flags/config-flags.ts'
import { variableOf } from '../../../src/cli/config/setting.ts'
import { addFrameworkFlags } from '../../../src/cli/flags/framework-flags.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-config-'))
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** The options of `run` with these words, after all files and variables. */
async function apply(...words: readonly string[]) {
  const command = addFrameworkFlags(new Command('run')).exitOverride()
  addConfigFlags(command)
  command.parseOptions([...words])
  const warnings: string[] = []
  const origins = await applySettings(command, {
    allNames: () => Promise.resolve(new Set(['masters'])),
    warn: (text) => warnings.push(text),
  })
  return { flags: command.opts(), origins, warnings }
}

describe('applySettings', () => {
  it('takes the first of: words, --conf, environment, env file, properties, config file', async () => {
    const config = write('c.json', '{"mem":1,"cpus":1,"disk":1,"name":"c","role":"c","user":"c"}')
    const properties = write('p.conf', 'mem 2\ncpus=2\ndisk: 2\nname 2\nrole 2\n')
    const variables = write(
      '.env',
      'JARCAST_MEM=3\nJARCAST_CPUS=3\nJARCAST_DISK=3\nJARCAST_NAME=3\n',
    )
    vi.stubEnv('JARCAST_MEM', '4')
    vi.stubEnv('JARCAST_CPUS', '4')
    vi.stubEnv('JARCAST_DISK', '4')
    const files = ['--config', config, '--properties-file', properties, '--env-file', variables]
    const { flags, origins } = await apply(
      ...files,
      '--conf',
      'mem=5',
      '--conf',
      'cpus=5',
      '--mem',
      '6',
    )
    delete process.env['JARCAST_NAME']
    expect(flags).toMatchObject({ mem: 6, cpus: 5, disk: 4, name: '3', role: '2', user: 'c' })
    expect(Object.fromEntries(origins)).toEqual({
      mem: 'command line',
      cpus: '--conf cpus',
      disk: 'JARCAST_DISK',
      name: `JARCAST_NAME in ${variables}`,
      role: `${properties} role`,
      user: `${config} user`,
    })
  })

  it('takes lists, objects, numbers and switches of a configuration file', async () => {
    const settings = {
      jar: ['a.jar', 'b.jar'],
      env: { A: 1, B: 'two' },
      constraint: 'rack UNIQUE',
      json: true,
      relay: false,
      inspect: true,
      'wait-timeout': 60,
      conflicts: 'fail',
      masters: 3,
    }
    const { flags } = await apply('--config', write('c.json', JSON.stringify(settings)))
    expect(flags).toMatchObject({
      jar: ['a.jar', 'b.jar'],
      env: { A: '1', B: 'two' },
      constraint: [{ field: 'rack', operator: 'unique' }],
      json: true,
      relay: false,
      inspect: true,
      waitTimeout: 60,
      conflicts: 'fail',
    })
    expect(flags).not.toHaveProperty('masters')
  })

  it('takes the default export of a module, or what it returns for a command', async () => {
    const file = write('c.mjs', 'export default ({ command }) => ({ name: `for ${command}` })')
    expect((await apply('--config', file)).flags).toMatchObject({ name: 'for run' })
  })

  it('has a variable for every option', async () => {
    const command = addFrameworkFlags(new Command('run'))
    const names = command.options.map(variableOf)
    expect(names).toContain('JARCAST_TLS_SERVER_NAME')
    expect(names.every((name) => /^JARCAST_[A-Z]+(?:_[A-Z]+)*$/.test(name))).toBe(true)
    vi.stubEnv('JARCAST_LIB', 'a.tgz,b.tgz')
    vi.stubEnv('JARCAST_VERBOSE', '0')
    vi.stubEnv('JARCAST_JSON', 'true')
    const { flags } = await apply()
    expect(flags).toMatchObject({ lib: ['a.tgz', 'b.tgz'], json: true, verbose: undefined })
  })

  it("takes Spark's names, adds up their variables, and names what it ignores", async () => {
    const file = write(
      'spark-defaults.conf',
      '# of the cluster\nspark.executor.memory  2g\nspark.executorEnv.A 1\nspark.executorEnv.B 2\nspark.ui.port 4040\n',
    )
    const { flags, warnings } = await apply('--properties-file', file)
    expect(flags).toMatchObject({ mem: 2048, env: { A: '1', B: '2' } })
    expect(warnings).toEqual([
      `ignored ${file} spark.ui.port: it has no equivalent here: leave it out`,
    ])
  })

  it.each([
    ['{"memory":1}', /c\.json memory: there is no setting memory/],
    ['{"mem":"much"}', /c\.json mem: "much" cannot be used\. It must be a number above 0/],
    ['{"conflicts":"no"}', /must be one of warn, fail, ignore/],
    ['{"json":"maybe"}', /must be true or false/],
    ['[1]', /an object of settings/],
    ['{', /is not JSON/],
  ])('refuses a file with %s', async (text, message) => {
    await expect(apply('--config', write('c.json', text))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    })
  })

  it.each([
    [['--config', 'none.json'], /^none\.json cannot be read: it does not exist$/],
    [['--config', 'none.mjs'], /^none\.mjs cannot be read: it does not exist$/],
    [['--env-file', 'none'], /--env-file none cannot be read/],
    [['--properties-file', 'none'], /--properties-file none cannot be read/],
    [['--conf', 'mem'], /must be NAME=VALUE/],
    [['--conf', 'memory=1'], /there is no setting memory/],
  ])('refuses %j', async (words, message) => {
    await expect(apply(...words)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    })
  })
})
