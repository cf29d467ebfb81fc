/** Servers of other makes, each serving the files of a folder on a port of its own. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import sirv from 'sirv'
import { cpuSecondsOf, cpuSecondsOfFamily } from '../support/process-usage.ts'
import type { CertificateFiles } from '../../support/servers/certificate.ts'
import { resolvePackages } from '../../../src/coordinates/resolve-packages.ts'

export interface Peer {
  readonly name: string
  readonly port: number
  /** CPU so far. */
  cpuSeconds(): number
  /** Of the requests: less than 1 where a server is so slow that all would take minutes. Default: 1. */
  readonly share?: number
  pathOf(file: string): string
}

/** What is still to be ended when the bench is over, the last first. */
export type Ends = (() => unknown)[]

/** In this process, which does nothing else meanwhile. */
export async function startSirv(folder: string, ends: Ends): Promise<Peer> {
  const serve = sirv(folder, { etag: true, maxAge: 31_536_000, immutable: true })
  const server = createServer((req, res) => serve(req, res))
  ends.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const cpuSeconds = () => cpuSecondsOf(process.pid)
  return { name: 'sirv', port: await listen(server), cpuSeconds, share: 0.25, pathOf }
}

export interface Nginx {
  readonly plain: Peer
  readonly secure?: Peer
}

export interface NginxOptions {
  readonly workers: number
  readonly tls?: CertificateFiles
}

/**
 * With sendfile, and open files kept; 1 kB would be faster without it (docs/benchmarks/notes.md). Without `tcp_nopush`: its
 * ranges would wait for the client's delayed acknowledgements.
 */
export async function startNginx(
  folder: string,
  ends: Ends,
  { workers, tls }: NginxOptions,
): Promise<Nginx | undefined> {
  const [port, securePort] = [await freePort(), await freePort()]
  const conf = join(folder, `nginx-${workers}.conf`)
  await writeFile(conf, nginxConf(folder, port, workers, tls && secureNginx(securePort, tls)))
  const plain = await startProgram('nginx', ['-p', folder, '-c', conf, '-e', 'stderr'], port, ends)
  return plain && { plain, ...(tls && { secure: { ...plain, port: securePort } }) }
}

/** A `ResourceHandler` as Jetty makes it, with Jetty's own threads; needs java and Maven Central. */
export async function startJetty(folder: string, ends: Ends): Promise<Peer | undefined> {
  const jars = await fetchJetty().catch((error: Error) => console.error(error.message))
  if (!jars) return undefined
  const port = await freePort()
  const xml = join(folder, 'jetty.xml')
  await writeFile(xml, jettyXml(folder, port))
  const main = 'org.eclipse.jetty.xml.XmlConfiguration'
  return startProgram('java', ['-cp', jars.join(':'), main, xml], port, ends, 'jetty')
}

async function fetchJetty(): Promise<readonly string[]> {
  await promisify(execFile)('java', ['-version'])
  const { packages } = await resolvePackages({
    packages: [
      'maven:org.eclipse.jetty:jetty-server:12.0.16',
      'maven:org.eclipse.jetty:jetty-xml:12.0.16',
      'maven:org.slf4j:slf4j-nop:2.0.16',
    ],
    boms: [],
    exclusions: [],
  })
  return packages.map(({ file }) => file)
}

async function startProgram(
  program: string,
  args: readonly string[],
  port: number,
  ends: Ends,
  name = program,
): Promise<Peer | undefined> {
  const child = spawn(program, args, {
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    stdio: 'ignore',
  })
  ends.push(() => child.kill())
  // Without this a missing program would end the benchmark.
  child.once('error', () => undefined)
  const { pid } = child
  if (pid === undefined) return undefined
  const cpuSeconds = () => cpuSecondsOfFamily(pid)
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    if (await accepts(port)) return { name, port, cpuSeconds, pathOf }
    await sleep(50)
  }
  return undefined
}

function nginxConf(folder: string, port: number, workers: number, secure = ''): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
    daemon off; pid ${folder}/nginx-${workers}.pid; error_log stderr crit;
    ${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes ${workers};
    events { worker_connections 256; }
    http {
      access_log off; sendfile on; keepalive_requests 1000000; open_file_cache max=10;
      ${paths.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      server { listen 127.0.0.1:${port}; root ${folder}; }
      ${secure && `server { ${secure} root ${folder}; }`}
    }`
}

/** The protocol and the cipher are those that Node chooses with its own clients. */
function secureNginx(port: number, { certFile, keyFile }: CertificateFiles): string {
  return `listen 127.0.0.1:${port} ssl; ssl_certificate ${certFile}; ssl_certificate_key ${keyFile};
    ssl_protocols TLSv1.3;`
}

function jettyXml(folder: string, port: number): string {
  return `<!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_10_0.dtd">
    <Configure id="server" class="org.eclipse.jetty.server.Server">
      <Call name="addConnector"><Arg>
        <New class="org.eclipse.jetty.server.ServerConnector">
          <Arg><Ref refid="server"/></Arg>
          <Set name="host">127.0.0.1</Set>
          <Set name="port">${port}</Set>
        </New>
      </Arg></Call>
      <Set name="handler">
        <New class="org.eclipse.jetty.server.handler.ResourceHandler">
          <Set name="baseResourceAsString">${folder}</Set>
        </New>
      </Set>
    </Configure>`
}

function pathOf(file: string): string {
  return `/${file}`
}

async function freePort(): Promise<number> {
  const finder = createServer()
  const port = await listen(finder)
  await new Promise((resolve) => finder.close(resolve))
  return port
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
