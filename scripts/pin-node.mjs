/**
 * `node scripts/pin-node.mjs VERSION`: prints the values of src/framework/runtime/pinned-node.ts
 * for npm's builds of a version of Node.js.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extract } from 'tar'

const [version] = process.argv.slice(2)
if (version === undefined) throw new Error('usage: node scripts/pin-node.mjs VERSION')
const folder = mkdtempSync(join(tmpdir(), 'jarcast-pin-'))
try {
  for (const cpu of ['x64', 'arm64']) {
    const name = `node-linux-${cpu}`
    const packed = spawnSync('npm', ['pack', `${name}@${version}`], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (packed.status !== 0) throw new Error(packed.stderr)
    const tarball = readFileSync(join(folder, `${name}-${version}.tgz`))
    const member = 'package/bin/node'
    extract({ sync: true, file: join(folder, `${name}-${version}.tgz`), cwd: folder }, [member])
    const program = readFileSync(join(folder, member))
    console.log(name, version, {
      sha256: digestOf(program),
      tarball: { sha256: digestOf(tarball), sizeBytes: tarball.length },
    })
  }
} finally {
  rmSync(folder, { recursive: true })
}

function digestOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}
