import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const module = fileURLToPath(new URL('../../scripts/support/machine.mjs', import.meta.url))
const isRoot = process.getuid?.() === 0
const unzipPackage = 'apt-get install -y --no-install-recommends unzip'

/** The only folder of PATH: a machine on which nothing is installed. */
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-machine-'))
  await chmod(folder, 0o755)
  // Not everybody may read where the project is.
  await copyFile(module, join(folder, 'machine.mjs'))
})
afterEach(() => rm(folder, { recursive: true }))

/** An apt-get of this machine, as a shell script. */
async function putAptGet(script: string): Promise<void> {
  await writeFile(join(folder, 'apt-get'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

/** Runs `expression` of the module; root may become somebody else. */
function evaluate(expression: string, user?: number) {
  const program = `import * as machine from '${folder}/machine.mjs'\nconsole.log(${expression})`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: folder },
    encoding: 'utf8',
    ...(isRoot && user !== undefined && { uid: user }),
  })
  return { lines: stdout.trimEnd().split('\n'), stderr }
}

describe('hasTool', () => {
  it('says what is missing and what installs it', () => {
    const { lines } = evaluate(`machine.hasTool('mariadb')`)
    expect(lines[0]).toMatch(
      /^skipped: needs MariaDB; missing: .*my_print_defaults.*apt-get install.* mariadb-client-core/,
    )
    expect(lines[1]).toBe('false')
  })
})

describe('installTools', () => {
  const install = `machine.installTools(['unzip'], 'Tests are skipped')`

  it.skipIf(!isRoot)('checks which tools are there at the end', async () => {
    await putAptGet(
      `[ "$*" = "\${*%unzip}" ] || { :> ${folder}/unzip; /bin/chmod 755 ${folder}/unzip; }`,
    )
    expect(evaluate(install).lines.at(-1)).toBe('true')
    await rm(join(folder, 'unzip'))
    await putAptGet('exit 0')
    expect(evaluate(install).lines.slice(-3)).toEqual([
      'Tests are skipped. To install what is missing, on Debian as root:',
      `  ${unzipPackage}`,
      'false',
    ])
  })

  it.skipIf(!isRoot)('shows what apt-get writes when it fails', async () => {
    await putAptGet('echo "E: cannot $*" >&2; exit 100')
    const { lines, stderr } = evaluate(install)
    expect(stderr).toMatch(/E: cannot .*update\nE: cannot .*install .*unzip/)
    expect(lines).toContain('unzip is not installed: unzip missing')
    expect(lines.at(-1)).toBe('false')
  })

  it.skipIf(!isRoot)('installs one by one where not all can be had', async () => {
    await putAptGet(
      `case "$*" in *xz*) exit 100;; *unzip) :> ${folder}/unzip; /bin/chmod 755 ${folder}/unzip;; esac`,
    )
    const { lines } = evaluate(`machine.installTools(['xz', 'unzip'], 'Tests are skipped')`)
    expect(lines.slice(-4)).toEqual([
      'xz is not installed: xz missing',
      'Tests are skipped. To install what is missing, on Debian as root:',
      '  apt-get install -y --no-install-recommends xz-utils',
      'false',
    ])
  })

  it('installs nothing as an ordinary user', async () => {
    await putAptGet(`:> ${folder}/called`)
    const { lines } = evaluate(install, 65_534)
    expect(lines).toEqual([
      'unzip is not installed: unzip missing',
      'Tests are skipped. To install what is missing, on Debian as root:',
      `  ${unzipPackage}`,
      'false',
    ])
  })
})
