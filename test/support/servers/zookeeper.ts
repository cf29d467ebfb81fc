/** A real ZooKeeper, as Debian packages it, and nodes in it as Mesos masters make them. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasTool, javaCommand } from '../../../scripts/support/machine.mjs'
import { juteBuffer, juteInt } from '../../../src/client/zookeeper/jute.ts'
import { startServer } from '../processes/run-program.ts'
import type { ServerProgram } from '../processes/run-program.ts'
import { freePorts } from './free-ports.ts'

const jars = ['zookeeper', 'slf4j-nop'].map((name) => `/usr/share/java/${name}.jar`)

export const hasZooKeeper = (): boolean => hasTool('zookeeper')

export interface ZooKeeper {
  readonly port: number
  /** Sends a signal: SIGSTOP hangs it, SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void
  /** Ends it as a crash does; what it had written stays. */
  kill(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
  /** Ends it for good. */
  close(): Promise<void>
}

/** Starts one server; resolves when it takes sessions. */
export async function startZooKeeper(): Promise<ZooKeeper> {
  const [zooKeeper] = await startEnsemble(1)
  if (zooKeeper === undefined) throw new Error('no ZooKeeper')
  return zooKeeper
}

/** Starts an ensemble; resolves when every member takes sessions. */
export async function startEnsemble(size: number): Promise<readonly ZooKeeper[]> {
  const ports = await freePorts(size * 3)
  const portAt = (index: number): number => ports[index] ?? 0
  const quorum = Array.from({ length: size }, (_, id) => {
    const [peer, election] = [portAt(size + id), portAt(2 * size + id)]
    return `server.${id + 1}=127.0.0.1:${peer}:${election}`
  })
  const members = Array.from({ length: size }, (_, id) =>
    startMember(portAt(id), id + 1, size === 1 ? [] : quorum),
  )
  return await Promise.all(members)
}

async function startMember(
  port: number,
  id: number,
  quorum: readonly string[],
): Promise<ZooKeeper> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-zookeeper-'))
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'data', 'myid'), String(id))
  const config = [
    'tickTime=500',
    'initLimit=20',
    'syncLimit=10',
    `dataDir=${folder}/data`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr',
    ...quorum,
  ]
  await writeFile(join(folder, 'zoo.cfg'), config.join('\n'))
  let server: ServerProgram | undefined

  async function kill(): Promise<void> {
    await server?.kill()
  }
  async function start(): Promise<void> {
    const args = ['-Xmx96m', '-cp', jars.join(':'), mainClass, join(folder, 'zoo.cfg')]
    server = await startServer(javaCommand, args, () => serves(port))
  }
  await start()
  return {
    port,
    signal: (signal) => server?.signal(signal),
    kill,
    start,
    async close() {
      await kill()
      await rm(folder, { recursive: true })
    },
  }
}

const mainClass = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'

/** What the command `srvr` answers tells of a server that is part of a quorum. */
function serves(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    // One that was taken in too early is never answered.
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('connect', () => socket.write('srvr'))
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text.includes('Mode:')))
  })
}

/** A session of a master: its ephemeral node goes when it is closed. */
export interface MasterNode {
  readonly name: string
  /** Closes the session, and with it the node. */
  resign(): Promise<void>
}

export interface NodeOptions {
  /** `user:password`: only who knows it may read or write. Default: everybody may. */
  readonly digest?: string
  readonly hostname?: string
  /** In place of what a master writes. */
  readonly data?: string
}

/**
 * Stands for election below `path` as a Mesos 1.12.0 master does (`json.info_`, ephemeral and sequential, MasterInfo as
 * JSON), making the path and `log_replicas` beside it if need be.
 */
export async function standForElection(
  zooKeeper: Pick<ZooKeeper, 'port'>,
  path: string,
  masterPort: number,
  options: NodeOptions = {},
): Promise<MasterNode> {
  const { digest, hostname = '127.0.0.1' } = options
  const session = await openWriter(zooKeeper.port, digest)
  const acl = aclOf(digest)
  await session.create(path, '', acl, 0)
  await session.create(`${path}/log_replicas`, '', acl, 0)
  const info = {
    address: { hostname, ip: '127.0.0.1', port: masterPort },
    capabilities: [{ type: 'AGENT_UPDATE' }],
    hostname,
    id: '78ef8bea-494c-42be-9c85-6450114655e8',
    ip: 16777343,
    pid: `master@127.0.0.1:${masterPort}`,
    port: masterPort,
    version: '1.12.0',
  }
  const name = await session.create(
    `${path}/json.info_`,
    options.data ?? JSON.stringify(info),
    acl,
    ephemeral | sequential,
  )
  return { name, resign: session.close }
}

const ephemeral = 1
const sequential = 2
const createOp = 1
const nodeExists = -110

/** All permissions, to everybody or to the one of the digest. */
function aclOf(digest: string | undefined): Buffer {
  const user = digest?.split(':')[0] ?? ''
  const hash = createHash('sha1')
    .update(digest ?? '')
    .digest('base64')
  const [scheme, id] = digest === undefined ? ['world', 'anyone'] : ['digest', `${user}:${hash}`]
  return Buffer.concat([juteInt(1), juteInt(31), juteBuffer(scheme), juteBuffer(id)])
}

async function openWriter(port: number, digest: string | undefined) {
  const socket = connect(port, '127.0.0.1')
  let held = Buffer.alloc(0)
  let isGranted = false
  const answers: Buffer[] = []
  let wake = (): void => undefined
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const message = held.subarray(4, 4 + held.readInt32BE(0))
      held = held.subarray(4 + message.length)
      // Pings and the answer to the credentials have ids below zero.
      if (!isGranted || message.readInt32BE(0) > 0) answers.push(message)
      isGranted = true
    }
    wake()
  })
  socket.on('error', () => undefined)
  const send = (...fields: readonly Buffer[]) => socket.write(juteBuffer(Buffer.concat(fields)))
  const answer = async (): Promise<Buffer> => {
    while (answers.length === 0) {
      if (socket.destroyed) throw new Error('ZooKeeper closed the connection')
      await new Promise<void>((resolve) => {
        wake = resolve
        socket.once('close', () => resolve())
      })
    }
    return answers.shift() as Buffer
  }
  send(juteInt(0), Buffer.alloc(8), juteInt(5000), Buffer.alloc(8), juteBuffer(Buffer.alloc(16)))
  await answer()
  if (digest !== undefined) {
    send(juteInt(-4), juteInt(100), juteInt(0), juteBuffer('digest'), juteBuffer(digest))
  }
  const pings = setInterval(() => send(juteInt(-2), juteInt(11)), 1000)
  let xid = 0
  return {
    /** Gives the name of the node; one that is there already stays as it is. */
    async create(path: string, data: string, acl: Buffer, flags: number): Promise<string> {
      xid += 1
      const head = [juteInt(xid), juteInt(createOp), juteBuffer(path), juteBuffer(data)]
      send(...head, acl, juteInt(flags))
      const message = await answer()
      const code = message.readInt32BE(12)
      if (code === nodeExists) return path
      if (code !== 0) throw new Error(`create ${path}: error ${code}`)
      return message.subarray(20).toString()
    },
    close: () =>
      new Promise<void>((resolve) => {
        clearInterval(pings)
        if (socket.destroyed) {
          resolve()
          return
        }
        socket.once('close', () => resolve())
        send(juteInt(0), juteInt(-11))
        socket.end()
      }),
  }
}
