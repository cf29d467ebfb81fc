/**
 * Packs the package, installs the tarball in a scratch ESM project and uses it there as a user
 * would: imports every entry point, checks types, and runs a task on an embedded cluster.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasRegistry } from './support/machine.mjs'

// Its dependencies come from there.
if (!hasRegistry()) process.exit()
const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'jarcast-package-'))
const run = (command, args, cwd = scratch) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

try {
  const [{ filename, size, entryCount }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], root),
  )
  console.log(`packed ${filename}: ${entryCount} files, ${size} bytes`)
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(join(scratch, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`])

  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
  const imports = entries.map(
    (entry, index) => `import * as m${index} from 'jarcast${entry.slice(1)}'`,
  )
  const counts = entries.map((_, index) => `Object.keys(m${index}).length`).join(', ')
  writeFileSync(
    join(scratch, 'use.ts'),
    `${imports.join('\n')}
import { createFramework, type FrameworkEvents } from 'jarcast'
import { schedulerMachine } from 'jarcast/machines'
export const framework = createFramework({ master: 'http://127.0.0.1:5050' })
framework.on('task.ended', ({ taskId }: FrameworkEvents['task.ended'][0]) => taskId.length)
if (schedulerMachine.id !== 'scheduler') throw new Error(schedulerMachine.id)
const counts = [${counts}]
if (counts.some((count) => count === 0)) throw new Error('an entry point exports nothing: ' + counts)
`,
  )
  // The project's own compiler and Node types: a scratch project of a user would install them.
  mkdirSync(join(scratch, 'node_modules/@types'), { recursive: true })
  symlinkSync(join(root, 'node_modules/@types/node'), join(scratch, 'node_modules/@types/node'))
  const flags = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']
  run(join(root, 'node_modules/.bin/tsc'), [...flags, '--skipLibCheck', 'use.ts'])
  run(process.execPath, ['use.js'])
  console.log(`imported ${entries.join(' ')}`)

  const program = join(scratch, 'node_modules/.bin/jarcast')
  console.log(`jarcast ${run(program, ['--version']).trim()}`)
  writeFileSync(join(scratch, 'tasks.mjs'), `export const add = () => 20 + 22\n`)
  const events = run(program, ['run', 'tasks.mjs', '--master', 'local', '--json'])
    .trim()
    .split('\n')
  const ended = events.map((line) => JSON.parse(line)).find(({ event }) => event === 'task.ended')
  if (ended?.report?.result !== 42) throw new Error(`the task ended with ${JSON.stringify(ended)}`)
  console.log('ran a function of the scratch project on an embedded cluster: 42')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
