import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { completeLine, performLine, startRepl } from '../../../src/cli/local/repl.ts'
import { startLocalCluster, type LocalCluster } from '../../../src/local/cluster.ts'

let cluster: LocalCluster

beforeEach(async () => {
  cluster = await startLocalCluster({ open: true, agents: 2, masters: 2 })
})

afterEach(() => cluster.close())

describe('performLine', () => {
  it('does what the line says and shows how things stand', async () => {
    expect(await performLine(cluster.control, ' kill  agent-2 ')).toMatch(
      /^agent-2: stopped, http/u,
    )
    expect(await performLine(cluster.control, 'cut agent-1')).toContain('agent-1: running, cut, ')
    expect(await performLine(cluster.control, 'lead master-1')).toContain('master-1: leading')
    expect(await performLine(cluster.control, 'delay 20')).toBe(
      'network: every message takes 20 ms',
    )
    const status = await performLine(cluster.control, 'status')
    expect(status.split('\n').map((line) => line.split(',')[0])).toEqual([
      'master-0: following',
      'master-1: leading',
      'agent-1: running',
      'agent-2: stopped',
      'network: every message takes 20 ms',
    ])
  })

  it.each([
    ['fly', "error: There is no command 'fly'; try help"],
    ['kill', 'error: Usage: kill AGENT, or kill MASTER'],
    ['kill agent-1 now', 'error: Usage: kill AGENT, or kill MASTER'],
    ['kill agent-9', 'error: There is no agent agent-9; there are agent-1, agent-2'],
    ['start agent-1', 'error: agent-1 runs already'],
    ['delay soon', 'error: delayMs must be 0 to 3600000, not NaN'],
    ['', ''],
  ])('answers %j in one line', async (line, expected) => {
    expect(await performLine(cluster.control, line)).toBe(expected)
  })

  it('lists every command in its help', async () => {
    const help = await performLine(cluster.control, 'help')
    for (const usage of ['kill AGENT', 'lead MASTER', 'cut FRAMEWORK', 'delay DELAYMS', 'exit']) {
      expect(help).toContain(`  ${usage} `)
    }
  })
})

describe('completeLine', () => {
  it.each([
    ['fi', ['fill-disk'], 'fi'],
    ['lead ', ['master-0', 'master-1'], ''],
    ['kill agent', ['agent-1', 'agent-2'], 'agent'],
    ['fly a', [], 'a'],
    ['kill agent-1 ', [], ''],
  ])('continues from %j', (line, words, start) => {
    expect(completeLine(cluster.control, line)).toEqual([words, start])
  })
})

describe('startRepl', () => {
  it('prompts, performs lines in order, and ends at exit', async () => {
    const input = new PassThrough()
    const output = new PassThrough()
    const ended = new Promise<void>((resolve) => {
      startRepl({ control: cluster.control, input, output, onExit: resolve })
    })
    input.write('kill agent-1\nstart agent-1\nexit\n')
    await ended
    const text = String(output.read())
    expect(text).toMatch(/^jarcast> agent-1: stopped.*\njarcast> agent-1: (?:recovering|running)/u)
  })

  it('ends at the end of its input', async () => {
    const input = new PassThrough()
    const output = new PassThrough()
    const ended = new Promise<void>((resolve) => {
      startRepl({ control: cluster.control, input, output, onExit: resolve })
    })
    input.end()
    await ended
  })
})
