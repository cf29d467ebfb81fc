/** Connects the parts that answer the requests of a jar server. */
import { hostname } from 'node:os'
import { TLSSocket } from 'node:tls'
import { createAdmission } from '../access/admission.ts'
import { defined } from '../defined.ts'
import { createBlobHandler } from './blobs/blob-handler.ts'
import { createBlobSender } from './blobs/send-blob.ts'
import { createFastAnswers } from './fast-path/fast-answers.ts'
import type { FastAnswersOptions } from './fast-path/fast-answers.ts'
import type { RequestHead } from './http/request-head.ts'
import type { JarServerOptions } from './jar-server-options.ts'
import type { RequestAnswers } from './listener/listener.ts'
import { BlobTable } from './libraries/blob-table.ts'
import { createAccess, pageScope, readClock } from './permissions/access.ts'
import type { Access, RunKey } from './permissions/access.ts'
import { createRelayControl } from './relays/relay-control.ts'
import type { RelayControl } from './relays/relay-control.ts'
import { createStripeTable } from './relays/stripe-table.ts'
import { statusOf } from './status-data.ts'
import type { JarServerStatus, StatusSource } from './status-data.ts'
import { createStatusPage } from './status-page.ts'
import type { StatusPage } from './status-page.ts'
import { createTraffic } from './traffic.ts'
import type { Traffic } from './traffic.ts'

export interface RequestHandling extends RequestAnswers {
  readonly table: BlobTable
  readonly traffic: Traffic
  readonly access: Access
  readonly page: StatusPage | undefined
  readonly relays: RelayControl | undefined
  /** Its paths have no permissions. */
  readonly status: () => JarServerStatus
}

/** `baseUrl` returns the URL of the running server, or undefined. */
export function createRequestHandling(
  options: JarServerOptions,
  key: RunKey,
  baseUrl: () => string | undefined,
): RequestHandling {
  const table = new BlobTable()
  const traffic = createTraffic()
  const hasRelays = options.tls === undefined && options.onRelay !== undefined
  const source: StatusSource = {
    set: () => table.set(),
    sets: () => table.sets(),
    url: baseUrl,
    holdersOf: options.holdersOf ?? (() => []),
    traffic,
    relays: () => relays?.plan() ?? [],
  }
  const page =
    options.statusPage === false
      ? undefined
      : createStatusPage({ ...source, sign: (path) => access.sign(path, 'standing') })
  const access = createAccess(options.open === true ? undefined : key, {
    isPublic: (path) => table.isPublic(path),
    isOfSet: (setId, path) => table.isOfSet(setId, path),
    relayedOf: (setId) => (hasRelays ? table.chunkedOf(setId) : []),
    // A client that may see the page may see all of it.
    scopeOf: (path) => (page?.has(path) === true ? pageScope : path),
    hosts: () => [...(options.allowHosts ?? []), ...ownNames(baseUrl())],
  })
  const relays = hasRelays ? createRelays(options, table, access) : undefined
  const answers = createAnswers(options, { table, traffic, access, page, relays })
  const status = () => statusOf(source)
  return { table, traffic, access, page, relays, status, ...answers }
}

function createRelays(
  { open, onRelay }: JarServerOptions,
  table: BlobTable,
  access: Access,
): RelayControl {
  return createRelayControl({
    has: (sha256, setId) =>
      table.chunkedBlob(sha256) !== undefined &&
      (open === true || table.isOfSet(setId, `/blobs/${sha256}/`)),
    access,
    dispatch: (event) => onRelay?.(event),
    now: readClock,
  })
}

function createAnswers(
  options: JarServerOptions,
  { table, traffic, access, page, relays }: Omit<RequestHandling, keyof RequestAnswers | 'status'>,
): RequestAnswers {
  const { tls, memoryBudgetBytes, onRequest } = options
  const stripes = createStripeTable(table)
  const sender = createBlobSender({
    ...defined({ memoryBudgetBytes }),
    admission: createAdmission(options),
    onBytes: traffic.addBytes,
  })
  const common: Omit<FastAnswersOptions, 'find'> = {
    admit: (request, path) => {
      // With TLS, plain http serves only public files.
      if (tls !== undefined && isInClear(request) && !table.isPublic(path)) return 403
      return access.admit(request, path)
    },
    onRequest: (record) => {
      // The page requests its numbers every second: it must not count itself.
      if (!page?.has(record.path)) traffic.addRequest(record)
      onRequest?.(record)
    },
  }
  const find = (path: string) => table.find(path) ?? stripes.find(path)
  const special = defined({ onPost: relays?.answer, onMiss: page?.answer })
  return {
    handle: createBlobHandler({ ...common, ...special, find }, sender),
    fastAnswers: createFastAnswers({ ...common, find: (path) => table.find(path) }, sender),
  }
}

function isInClear({ socket }: RequestHead): boolean {
  return !(socket instanceof TLSSocket)
}

function ownNames(base: string | undefined): readonly string[] {
  return [hostname(), ...(base === undefined ? [] : [new URL(base).hostname])]
}
