import { afterEach, describe, expect, it } from 'vitest'
import { createMasterViews } from '../../../src/client/agents/master-views.ts'
import type { MasterViews } from '../../../src/client/agents/master-views.ts'
import { startServer } from '../replay-server.ts'
import type { Handler, ReplayServer } from '../replay-server.ts'

const closing: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function serve(handler: Handler): Promise<ReplayServer> {
  const server = await startServer(handler)
  closing.push(server.close)
  return server
}

function viewsOf(
  masters: string,
  credentials?: { principal: string; secret: string },
): MasterViews {
  const views = createMasterViews(masters, { credentials })
  closing.push(() => views.close())
  return views
}

const master: Handler = (_, response) =>
  void response.end('{"frameworks":[null,{"id":"f","name":"nightly","active":true}],"slaves":[]}')
const frameworks = [{ id: 'f', name: 'nightly', isActive: true, isOver: false, tasks: {} }]

describe('createMasterViews', () => {
  it('keeps the path before the master in each request', async () => {
    const { url, seen } = await serve(master)
    const views = viewsOf(`${url}/mesos/`)
    expect(await views.frameworks(false)).toEqual(frameworks)
    await views.hosts()
    expect(await views.url()).toBe(`${url}/mesos/`)
    expect(seen.map(({ url: path }) => path)).toEqual(Array(2).fill('/mesos/state-summary'))
  })

  it('asks the next master where one does not answer', async () => {
    const { url } = await serve(master)
    const views = viewsOf(`http://127.0.0.1:1,${url}`)
    expect(await views.frameworks(false)).toEqual(frameworks)
    expect(await views.url()).toBe(`${url}/`)
  })

  it('rejects once no master of the list answers', async () => {
    const views = viewsOf('http://127.0.0.1:1,http://127.0.0.2:1')
    await expect(views.frameworks(false)).rejects.toMatchObject({
      code: 'MASTER_UNREACHABLE',
      message: expect.stringContaining('127.0.0.2:1 does not answer') as string,
    })
  })

  it('follows a redirect to the leader, and asks that one from then on', async () => {
    const leader = await serve(master)
    const standby = await serve(({ url }, response) => {
      response.writeHead(307, { Location: `//127.0.0.1:${leader.port}${url}` }).end()
    })
    const views = viewsOf(standby.url)
    await views.agents()
    await views.tasks('f')
    expect(standby.seen).toHaveLength(1)
    expect(leader.seen.map(({ url }) => url?.split('?')[0])).toEqual(['/slaves', '/tasks'])
  })

  it('sends credentials to no server that is not in the list', async () => {
    const other = await serve(master)
    const { url } = await serve((_, response) => {
      response.writeHead(307, { Location: `//127.0.0.1:${other.port}` }).end()
    })
    const views = viewsOf(url, { principal: 'me', secret: 'secret' })
    await expect(views.agents()).rejects.toMatchObject({ code: 'REDIRECT_INVALID' })
    expect(other.seen).toEqual([])
  })

  it.each(['null', '[', '7'])('refuses %s, which is no answer of a master', async (answer) => {
    const { url } = await serve((_, response) => void response.end(answer))
    await expect(viewsOf(url).hosts()).rejects.toMatchObject({ code: 'MASTER_UNREACHABLE' })
  })
})
