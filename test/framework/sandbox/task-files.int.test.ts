import { afterEach, describe, expect, it } from 'vitest'
import { createTaskFiles } from '../../../src/framework/sandbox/task-files.ts'
import { agentResponseCodec } from '../../../src/mesos/codec.ts'
import { startServer } from '../../client/replay-server.ts'

const closing: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const codec = agentResponseCodec('application/x-protobuf')
const place = { frameworkId: 'f', agentId: 'a', executorId: 'e', launchId: 't', isOver: true }

/** A master that is its own agent, with one file. At first it does not lead, for so many questions. */
async function startAgent({ redirects = 0 } = {}) {
  let left = redirects
  const agent = { path: '/frameworks/f/executors/e/runs/latest/tasks/t/stdout', text: 'one two' }
  const server = await startServer(({ url = '', body }, response) => {
    if (url.startsWith('/slaves') && (left -= 1) >= 0)
      return void response.writeHead(307, { Location: '//127.0.0.1:1/slaves' }).end()
    if (url.startsWith('/slaves'))
      return void response.end(JSON.stringify({ slaves: [{ pid: `s@127.0.0.1:${server.port}` }] }))
    if (url === '/state') {
      const executors = [{ id: 'e', directory: '/old' }]
      return void response.end(JSON.stringify({ frameworks: [{ id: 'f', executors }] }))
    }
    if (!body.includes(agent.path)) return void response.writeHead(404).end()
    const readFile = { size: 7, data: Buffer.from(agent.text).toString('base64') }
    response.end(codec.encodeEvent({ type: 'READ_FILE', readFile }))
  })
  closing.push(server.close)
  const files = createTaskFiles({ masterUrl: () => Promise.resolve(server.url) })
  closing.push(() => files.close())
  return { agent, files }
}

describe('createTaskFiles', () => {
  it('finds the file in an earlier run of an executor that was started again meanwhile', async () => {
    const { agent, files } = await startAgent()
    const textAt = async (offset: number) =>
      Buffer.from((await files.read(place, { name: 'stdout' }, offset))?.data ?? '').toString()
    expect(await textAt(0)).toBe('one two')
    agent.path = '/old/tasks/t/stdout'
    expect(await textAt(7)).toBe('one two')
  })

  it('asks the master that leads now, and says of one that redirects that it may be asked again', async () => {
    const { files } = await startAgent({ redirects: 1 })
    await expect(files.read(place, { name: 'stdout' }, 0)).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      retryable: true,
    })
    expect(await files.read(place, { name: 'stdout' }, 0)).toMatchObject({ size: 7 })
  })

  it('has nothing of a file that no run has', async () => {
    const { files } = await startAgent()
    expect(await files.read(place, { name: 'stderr' }, 0)).toBeUndefined()
  })
})
