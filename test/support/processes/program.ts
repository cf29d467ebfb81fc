/** Other processes that run parts of the sources, to be killed without mercy. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

export interface Program {
  readonly child: ChildProcess
  /** The next line it prints; undefined once it has ended. */
  read(): Promise<string | undefined>
  /** Ends it with SIGKILL, unless it has ended. */
  kill(): Promise<void>
}

export interface Programs {
  /** Runs a bundle that `bundle` made, behind the words of `through`, such as `ip netns exec NAME`. */
  start(bundle: string, args?: readonly string[], through?: readonly string[]): Program
  /** Bundles a program whose imports are relative to `src` in the working folder; returns its path. */
  bundle(source: string): Promise<string>
  /** Kills all that runs and removes the bundles. */
  close(): Promise<void>
}

export async function createPrograms(): Promise<Programs> {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'))
  const running: Program[] = []
  // Who fails or is ended comes to no close; before folders that they write to are removed.
  const killNow = (): void => running.forEach(({ child }) => void child.kill('SIGKILL'))
  process.prependOnceListener('exit', killNow)
  let bundles = 0
  return {
    async bundle(contents) {
      const outfile = join(folder, `${(bundles += 1)}.mjs`)
      await build({
        stdin: {
          contents,
          resolveDir: resolve('src'),
          loader: 'ts',
        },
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        logLevel: 'error',
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
      })
      return outfile
    },
    start(bundle, args = [], through = []) {
      const program = startProgram([...through, process.execPath, bundle, ...args])
      running.push(program)
      return program
    },
    async close() {
      process.off('exit', killNow)
      await Promise.all(running.map((program) => program.kill()))
      await rm(folder, { recursive: true })
    },
  }
}

function startProgram([command = '', ...args]: readonly string[]): Program {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const exited = once(child, 'exit')
  return {
    child,
    read: async () => ((await lines.next()) as { readonly value: string | undefined }).value,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
