/** `jarcast local` in a real terminal with a real shell that has job control. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const ctrlZ = '\u001a'

/** `script` of util-linux gives its shell a terminal of its own, and passes on what is typed. */
function missing(): string | undefined {
  const { stdout } = spawnSync('/bin/sh', ['-c', 'script --version && bash --version'])
  if (!/util-linux.*GNU bash/su.test(String(stdout))) return 'bash, and script of util-linux'
  return existsSync('/proc/self/stat') ? undefined : '/proc'
}

const needed = missing()
if (needed !== undefined) console.log(`skipped: needs ${needed}`)

let folder = ''
let shell: ChildProcessWithoutNullStreams
let shown = ''

beforeEach(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-terminal-'))
})

function openTerminal(type = 'xterm'): void {
  shown = ''
  const env = { ...process.env, TMPDIR: folder, PS1: '', SHELL: '/bin/sh', TERM: type }
  const script = 'exec script -qfc "exec bash --norc --noprofile -i" /dev/null'
  shell = spawn('/bin/sh', ['-c', script], { env })
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text))
}

afterEach(async () => {
  for (const pid of programs()) process.kill(pid, 'SIGKILL')
  if (shell.exitCode === null) {
    shell.kill('SIGKILL')
    await once(shell, 'close')
  }
  await rm(folder, { recursive: true, force: true })
})

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The clusters of this test, by their folder for temporary files. */
function programs(): readonly number[] {
  return readdirSync('/proc')
    .filter(
      (name) => /^\d+$/u.test(name) && read(`/proc/${name}/cmdline`).includes('main.js\0local'),
    )
    .filter((name) => read(`/proc/${name}/environ`).includes(`\0TMPDIR=${folder}\0`))
    .map(Number)
}

/** `S` sleeping, `R` running, `T` stopped; empty once it is gone. */
function stateOf(pid: number): string {
  return read(`/proc/${pid}/stat`).split(') ')[1]?.[0] ?? ''
}

/** Types a line, or a key. */
function type(text: string): void {
  shell.stdin.write(text)
}

/** Waits until the terminal shows it, after what it showed before. */
async function untilShown(text: string, from = 0): Promise<number> {
  await until(`${text} on the terminal`, () => {
    if (shell.exitCode !== null) throw new Error(`the shell ended; it showed:\n${shown}`)
    return shown.includes(text, from)
  })
  return shown.indexOf(text, from) + text.length
}

async function startLocal(more: string, terminal?: string): Promise<number> {
  openTerminal(terminal)
  type(`${process.execPath} ${main} local --port 0 --agents 1 ${more}\n`)
  await untilShown('"agents":[')
  const [pid = 0] = programs()
  return pid
}

/** The shell has read and done everything before. */
async function passLine(): Promise<void> {
  const from = shown.length
  type('echo do"ne"\n')
  await untilShown('done', from)
}

async function untilGone(pid: number): Promise<void> {
  await until(`the end of process ${pid}`, () => ['', 'Z'].includes(stateOf(pid)))
}

describe.skipIf(needed !== undefined)('jarcast local', () => {
  it('runs in the background until a signal, and ignores input', async () => {
    const pid = await startLocal('&')
    // Lines for the shell: whoever else reads them is stopped.
    for (let line = 0; line < 5; line += 1) await passLine()
    expect(stateOf(pid)).not.toBe('T')
    expect(shown).not.toContain('jarcast>')
    type(`kill -TERM ${pid}\n`)
    await untilGone(pid)
    expect(readdirSync(folder)).toEqual([])
  })

  it('takes commands once it is brought to the foreground', async () => {
    const pid = await startLocal('&')
    await passLine()
    const from = shown.length
    type('fg\n')
    await untilShown('jarcast> ', from)
    type('kill agent-1\r')
    await untilShown('agent-1: stopped', from)
    type('exit\r')
    await untilGone(pid)
    await passLine()
    expect(programs()).toEqual([])
  })

  it.each(['xterm', 'dumb'])(
    'is stopped by Ctrl-Z in %s, continues, and comes back',
    async (term) => {
      const pid = await startLocal('', term)
      await untilShown('jarcast> ')
      type(ctrlZ)
      await untilShown('Stopped')
      while (stateOf(pid) !== 'T') await sleep(20)
      type('bg\n')
      while (stateOf(pid) === 'T') await sleep(20)
      for (let line = 0; line < 5; line += 1) await passLine()
      expect(stateOf(pid)).not.toBe('T')
      const from = shown.length
      type('fg\n')
      await untilShown('jarcast> ', from)
      type('status\r')
      await untilShown('agent-1: running', from)
      type(ctrlZ)
      await untilShown('Stopped', from)
      type('bg\n')
      await passLine()
      type(`kill -TERM ${pid}\n`)
      await untilGone(pid)
    },
  )

  it.each(['xterm', 'dumb'])('ends at Ctrl-C in %s', async (term) => {
    const pid = await startLocal('', term)
    await untilShown('jarcast> ')
    type('\u0003')
    await untilGone(pid)
    await passLine()
  })

  it('ends at a signal while it prompts, and as a whole', async () => {
    const pid = await startLocal('; echo "status $?"')
    await untilShown('jarcast> ')
    process.kill(pid, 'SIGTERM')
    await untilShown('status 0')
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves the terminal alone after a stop from elsewhere', async () => {
    const pid = await startLocal('')
    await untilShown('jarcast> ')
    process.kill(pid, 'SIGSTOP')
    await untilShown('Stopped')
    type('bg\n')
    while (stateOf(pid) === 'T') await sleep(20)
    for (let line = 0; line < 5; line += 1) await passLine()
    expect(stateOf(pid)).not.toBe('T')
    type(`kill -TERM ${pid}\n`)
    await untilGone(pid)
  })
})
