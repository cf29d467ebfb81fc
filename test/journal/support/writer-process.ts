/** Other processes with a journal of their own, as plain Node programs made from the sources. */
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'
import { header, temporaryFolder } from './journal-folder.ts'

const source = fileURLToPath(
  new URL('../../../src/journal/writer/file-journal.ts', import.meta.url),
)

export interface WriterProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly lines: Interface
  /** The next line it prints, parsed; undefined once it ended. */
  read(): Promise<unknown>
}

/** Bundles the file journal for Node; its path. */
export async function bundleJournal(): Promise<string> {
  const outfile = `${temporaryFolder()}/file-journal.mjs`
  await build({
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  })
  return outfile
}

/**
 * Runs a program that has `open(folder)`, `note(seq, text)` and `print(value)`. `wrapper` is a command that it is
 * started through, such as `unshare`.
 */
export function startProgram(
  bundle: string,
  program: string,
  wrapper: readonly string[] = [],
): WriterProcess {
  const code = `
    const { openFileJournal } = await import(${JSON.stringify(bundle)})
    const header = ${JSON.stringify(header)}
    const open = (folder, options) => openFileJournal(folder, { header, ...options })
    const note = (seq, text = 'text ' + seq) => ({ seq, now: 1000 + seq, event: { type: 'note', text } })
    const print = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
    ${program}`
  const node = [process.execPath, '--input-type=module', '-e', code]
  const [command = '', ...args] = [...wrapper, ...node]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  const iterator = lines[Symbol.asyncIterator]()
  return {
    child,
    lines,
    async read() {
      const next = await iterator.next()
      return next.done === true ? undefined : (JSON.parse(next.value) as unknown)
    },
  }
}

/** Kills without warning, as a machine that loses its process does. */
export async function killHard({ child }: WriterProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
