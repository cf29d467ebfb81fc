import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import pacote from 'pacote'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasRegistry } from '../../../../scripts/support/machine.mjs'
import { unpackPackage } from '../../../../src/executor/libraries/install/unpack-package.ts'
import { runProgram } from '../../../support/processes/run-program.ts'

/** Packages that many people use, of all sizes and ages. */
const packages = `
  lodash@4.18.1 react@19.3.1 react-dom@19.3.1 express@5.3.0 chalk@6.0.1
  commander@15.1.0 debug@4.4.3 axios@1.21.1 moment@2.31.0 tslib@2.9.1
  rxjs@7.8.2 uuid@14.0.3 async@3.2.6 yargs@18.2.0 typescript@7.0.2
  vue@3.5.45 webpack@5.112.2 semver@7.8.6 glob@14.0.6 minimist@1.2.8
  prop-types@15.8.1 classnames@2.5.1 jquery@4.0.0 underscore@1.13.8 bluebird@3.7.2
  body-parser@2.4.0 fs-extra@11.4.1 dotenv@18.0.10 inquirer@14.2.5 winston@3.19.0
  mkdirp@3.0.1 request@2.88.2 colors@1.4.0 ws@8.23.0 socket.io@4.8.4
  core-js@3.51.0 @babel/core@8.1.3 @babel/runtime@8.1.3 eslint@10.15.0 prettier@3.10.1
  jest-cli@30.5.2 rimraf@6.1.4 through2@5.0.12 cross-spawn@7.0.6 ajv@8.20.0
  immer@11.2.10 zod@4.6.7 xstate@5.33.3 eventemitter3@5.0.4 protobufjs@8.8.1
`
  .trim()
  .split(/\s+/)

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-tarballs-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Unpacked {
  readonly path: string
  readonly sha256: string
  readonly isExecutable: boolean
}

async function filesBelow(root: string): Promise<readonly Unpacked[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry): Promise<Unpacked> => {
      const path = join(entry.parentPath, entry.name)
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
      const { mode } = await stat(path)
      return { path: relative(root, path), sha256, isExecutable: (mode & 0o100) !== 0 }
    })
  return (await Promise.all(files)).toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

it('fifty real packages are unpacked as by npm', async ({ skip }) => {
  if (!hasRegistry()) skip()
  expect(packages).toHaveLength(50)
  const registry = runProgram('npm', ['config', 'get', 'registry']).trim()
  const waiting = [...packages]
  const work = async (): Promise<void> => {
    for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
      await expectSame(spec, { cache: join(folder, 'npm-cache'), registry })
    }
  }
  // Fetches further packages while others are unpacked.
  await Promise.all([work(), work(), work(), work()])
})

async function expectSame(
  spec: string,
  options: { cache: string; registry: string },
): Promise<void> {
  const own = await mkdtemp(join(folder, 'package-'))
  const [tarball, ours, theirs] = [join(own, 'tgz'), join(own, 'ours'), join(own, 'theirs')]
  await pacote.tarball.file(spec, tarball, options)
  await mkdir(ours)
  const name = await unpackPackage(tarball, ours)
  expect(spec.startsWith(`${name}@`)).toBe(true)
  await pacote.extract(spec, theirs, options)
  // Not toEqual: thousands of lines of differences would be of no use.
  expect(firstDifference(await filesBelow(ours), await filesBelow(theirs)), spec).toBeUndefined()
  await rm(own, { recursive: true })
}

function firstDifference(unpacked: readonly Unpacked[], expected: readonly Unpacked[]): unknown {
  const count = Math.max(unpacked.length, expected.length)
  for (let index = 0; index < count; index++) {
    const pair = [unpacked[index], expected[index]]
    if (JSON.stringify(pair[0]) !== JSON.stringify(pair[1])) return pair
  }
  return undefined
}
