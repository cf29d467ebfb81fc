import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { QuestionName } from '../../../src/inspector/protocol/questions.ts'
import { within } from '../../support/until.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const running = new Set<ChildProcess>()

let folder = ''
let tasks = ''

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-cli-inspector-'))
  tasks = join(folder, 'tasks.mjs')
  await writeFile(tasks, `export const one = { work: { kind: 'shell', command: 'echo hello' } }`)
})

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  const env = { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache') }
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  return child
}

/** The first line of stderr that matches; the others are dropped. */
async function lineOf(lines: AsyncIterator<string>, pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`no line matches ${String(pattern)}`)
    const match = pattern.exec(value)
    if (match !== null) return match
  }
}

interface Message {
  readonly push?: string
  readonly apps?: readonly { readonly id: string; readonly origin: string }[]
  readonly answer?: unknown
  readonly error?: { readonly code: string }
}

/** A page: `ask` asks the first app. */
async function connect(url: string) {
  const socket = new WebSocket(`${url.replace('http:', 'ws:')}inspector/socket`)
  const messages: Message[] = []
  let wake = () => {}
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message)
    wake()
  })
  const take = async (isWanted: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = messages.find(isWanted)
      if (found !== undefined) return found
      const news = new Promise<void>((resolve) => (wake = resolve))
      await within(() => `a message with ${String(isWanted)}: ${JSON.stringify(messages)}`, news)
    }
  }
  const { apps = [] } = await take(({ apps: listed = [] }) => listed.length > 0)
  let id = 0
  return {
    app: apps[0],
    ask(ask: QuestionName, params: object) {
      const asked = (id += 1)
      socket.send(JSON.stringify({ id: asked, app: apps[0]?.id, ask, params }))
      return take((message) => 'id' in message && message.id === asked)
    },
    close: () => socket.terminate(),
  }
}

describe('jarcast run --inspect', () => {
  it('shows the run, and only shows it, until a signal', async () => {
    const child = start('run', tasks, '--master', 'local', '--inspect', '--inspect-wait')
    const stdout = text(child.stdout)
    const lines = createInterface(child.stderr)[Symbol.asyncIterator]()
    const [, url = ''] = await lineOf(lines, /^inspector at (http:\S+)$/)
    await lineOf(lines, /^the run is over; its page stays/)

    const page = await connect(url)
    expect(page.app).toMatchObject({ origin: 'live', isOver: true })
    const { answer } = await page.ask('find', { filter: { text: 'TASK_FINISHED' } })
    expect((answer as { seqs: readonly number[] }).seqs).not.toEqual([])
    const command = { kind: 'kill', taskId: 'one' }
    expect((await page.ask('control', { command })).error?.code).toBe('NOT_PERMITTED')
    page.close()

    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([0, null])
    expect(await stdout).toContain('TASK_FINISHED')
  })

  it('needs a token where others can reach it, and an address that is free', async () => {
    const open = start('run', tasks, '--master', 'local', '--inspect', '0.0.0.0')
    const [stderr, [status]] = await Promise.all([text(open.stderr), once(open, 'close')])
    expect(status).toBe(2)
    expect(stderr).toContain('CONFIG_INVALID')
    expect(stderr).toContain('token')
  })
})

describe('jarcast local --inspect', () => {
  it('opens a page for the programs that send frames to it', async () => {
    const child = start('local', '--port', '0', '--agents', '0', '--inspect', '127.0.0.1:0')
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const [line] = await lineOf(lines, /^\{.*\}$/)
    const { inspector } = JSON.parse(line) as { readonly inspector: string }
    expect(await (await fetch(inspector)).text()).toContain('<div id="page">')
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  })
})
