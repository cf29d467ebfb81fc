/** The inspector of any program: with any XState machine, with `createRuntime` or without. */
import { randomUUID } from 'node:crypto'
import type { AnyStateMachine, InputFrom, InspectionEvent } from 'xstate'
import { configInvalid } from '../../errors.ts'
import { Charts } from '../chart/charts.ts'
import { drawChart } from '../chart/draw-chart.ts'
import type { LiveSource } from '../replay-app/run/live-run.ts'
import { openReplayApp } from '../replay-app/open-replay-app.ts'
import { createAppTable } from '../server/app-table.ts'
import { startInspectorServer } from '../server/inspector-server.ts'
import { listLive } from '../server/list-live.ts'
import { readToken } from '../server/read-token.ts'
import { createWatchers } from '../server/watchers.ts'
import { sendElsewhere } from './page-elsewhere.ts'
import { showHere } from './page-here.ts'
import { watchProgram } from './program-watch.ts'

export interface InspectorOptions {
  /** Name on the page. Default: that of the first actor. */
  readonly name?: string
  /**
   * An inspector in another process, to which the frames go: `ws://127.0.0.1:41234`. Without, the
   * page is served by this process.
   */
  readonly url?: string
  /** Address to listen on. Default `127.0.0.1`. Any other than a loopback address needs a token. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** File with the token. Default: the environment variable `JARCAST_INSPECT_TOKEN`. */
  readonly tokenFile?: string
  /** Origins whose web pages may send frames and read, such as `http://localhost:5173`. */
  readonly origins?: readonly string[]
  /** True: frames are also kept while no page is open. Default false: nobody watching costs nothing. */
  readonly record?: boolean
}

export interface WatchOptions<M extends AnyStateMachine> {
  readonly machine: M
  /** As given to `createRuntime`. */
  readonly input?: InputFrom<M>
  /** Name on the page. Default: the machine's id. */
  readonly name?: string
}

export interface Inspector {
  /** For `createActor(machine, { inspect })`. Never throws, and never slows the program much. */
  readonly inspect: (event: InspectionEvent) => void
  /**
   * What to open in a browser: `http://127.0.0.1:41234/`. Rejects with INSPECTOR_FAILED where it
   * cannot listen; a rejection that nobody awaits is ignored. With `url` it resolves at once, and
   * the inspector there is dialled until it answers.
   */
  readonly ready: Promise<{ readonly url: string }>
  /**
   * Shows a run of `createRuntime` with its exact history: any moment of it, why, and branches. Call
   * it before the run's start. Returns how to end that. Throws CONFIG_INVALID with `url`: give the
   * runtime `inspect` then.
   */
  watch<M extends AnyStateMachine>(runtime: LiveSource<M>, options: WatchOptions<M>): () => void
  /** Ends the page; the program goes on. */
  close(): Promise<void>
}

/**
 * Creates an inspector. It does not keep the process alive. While no page is open, it only knows
 * which actors there are. While one is, it takes at most about 5 % of the program's time: what
 * cannot be told in it is lost, and the page says so. Guards are then asked a second time, to tell
 * their verdicts: they must be pure, as XState demands.
 * Throws CONFIG_INVALID for an address that needs a token.
 */
export function createInspector(options: InspectorOptions = {}): Inspector {
  return options.url === undefined ? inspectHere(options) : inspectElsewhere(options, options.url)
}

function inspectHere({ name, record = false, tokenFile, ...options }: InspectorOptions): Inspector {
  const charts = new Charts()
  const token = readToken(tokenFile)
  const listed = { apps: createAppTable(), watchers: createWatchers() }
  let reader: ReturnType<typeof showHere> | undefined
  const runs = new Set<() => void>()
  let isClosed = false
  const program = watchProgram({
    hasRoom: () => true,
    take: (frame) => reader?.take(frame),
    noteLost: (count) => reader?.noteLost(count),
  })
  const starting = startInspectorServer({
    ...options,
    ...listed,
    token,
    charts,
    isBackground: true,
  })
  const setWatched = (isWatched: boolean) => program.setWatched(!isClosed && (isWatched || record))
  const ready = starting.then((started) => {
    reader = showHere(started, charts, name)
    started.watchers.onChange(setWatched)
    setWatched(false)
    return { url: started.url }
  })
  // A program goes on without its page.
  ready.catch(() => undefined)

  return {
    inspect: program.inspect,
    ready,
    watch(runtime, { machine, input, name: shown = machine.id }) {
      const run = {
        id: randomUUID(),
        name: shown,
        machine,
        input: input as never,
        startedAt: Date.now(),
        entries: runtime as never,
        chartOf: (drawn: AnyStateMachine, collapsed: readonly string[]) =>
          drawChart(charts, drawn, collapsed),
      }
      const end = listLive(listed, () => openReplayApp(run))
      runs.add(end)
      return () => {
        runs.delete(end)
        end()
      }
    },
    async close() {
      isClosed = true
      setWatched(false)
      reader?.end()
      for (const end of runs) end()
      const started = await starting.catch(() => undefined)
      await started?.close()
    },
  }
}

function inspectElsewhere({ tokenFile }: InspectorOptions, url: string): Inspector {
  const isAddress = URL.canParse(url) && /^wss?:$/.test(new URL(url).protocol)
  // The error does not repeat it: it may contain the token.
  if (!isAddress) throw configInvalid('url', 'url must be a WebSocket address: ws://HOST:PORT')
  const page = sendElsewhere({
    url,
    token: readToken(tokenFile),
    onChange: (isConnected) => program.setWatched(isConnected),
  })
  const program = watchProgram(page)
  return {
    inspect: program.inspect,
    ready: Promise.resolve({ url: pageOf(url) }),
    watch() {
      throw configInvalid('url', 'give the runtime `inspect` to watch it from another process')
    },
    async close() {
      program.setWatched(false)
      page.close()
      await Promise.resolve()
    },
  }
}

/** Without a path, which is of frames, and without a token. */
function pageOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol.replace('ws', 'http')}//${host}/`
}
