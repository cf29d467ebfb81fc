/** Files that a reader opens on the page: a journal, or the frames of a program. */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { configInvalid } from '../../errors.ts'
import type { FrameCharts } from '../frame-app/frame-scene.ts'
import { openFrameApp } from '../frame-app/open-frame-app.ts'
import type { AppTable, ListedApp } from './app-table.ts'

/** An app that holds a file. */
export type OpenedApp = ListedApp & { readonly close?: () => void }

/** How an app is to be named. */
export interface ImportNames {
  readonly id: string
  readonly name: string
}

export interface ImportOptions {
  readonly apps: AppTable
  /** Draws the machines of frames; without, files with frames are refused. */
  readonly charts?: FrameCharts | undefined
  /** Opens a journal; without, journals are refused. */
  readonly openJournal?: ((path: string, as: ImportNames) => OpenedApp) | undefined
  /** Default 256 MiB. */
  readonly maxBytes?: number
}

export interface Imports {
  /** Reads a file, and answers the id of its app. Rejects for what is neither kind, or too large. */
  open(file: Readable, name: string): Promise<string>
  close(): void
}

const maxImports = 16
/** Files that are read at a time: each may fill the disk up to its bound. */
const maxReading = 4

export function createImports({
  apps,
  charts,
  openJournal,
  maxBytes = 256 * 1024 * 1024,
}: ImportOptions): Imports {
  const opened: (() => void)[] = []
  let folder: string | undefined
  let count = 0
  let reading = 0

  async function open(file: Readable, name: string): Promise<string> {
    if (reading >= maxReading) throw configInvalid('file', 'too many files are being opened')
    reading += 1
    try {
      return await read(file, name)
    } finally {
      reading -= 1
    }
  }

  async function read(file: Readable, name: string): Promise<string> {
    folder ??= mkdtempSync(join(tmpdir(), 'jarcast-inspector-'))
    count += 1
    const id = `import-${count}`
    const path = join(folder, `${id}.ndjson`)
    try {
      await pipeline(file, atMost(maxBytes), createWriteStream(path, { mode: 0o600 }))
      // One journal may be opened twice, so its own id would not do.
      const as = { id, name: name.slice(0, 200) || 'file' }
      return list(await openFile(path, as), path)
    } catch (error) {
      rmSync(path, { force: true })
      // The reader knows the file by its name.
      if (error instanceof Error) error.message = error.message.replaceAll(path, name)
      throw error
    }
  }

  function list(app: OpenedApp, path: string): string {
    const { id } = app.info()
    const close = () => {
      app.close?.()
      rmSync(path, { force: true })
    }
    const remove = apps.add(app)
    opened.push(() => {
      remove()
      close()
    })
    if (opened.length > maxImports) opened.shift()?.()
    return id
  }

  async function openFile(path: string, as: ImportNames): Promise<OpenedApp> {
    if (await hasFrames(path)) {
      if (charts === undefined) throw configInvalid('file', 'frames are not opened here')
      return await readFrames(path, as, charts)
    }
    if (openJournal === undefined) throw configInvalid('file', 'journals are not opened here')
    return openJournal(path, as)
  }

  return {
    open,
    close() {
      for (const close of opened.splice(0)) close()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function atMost(maxBytes: number) {
  return async function* (file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0
    for await (const chunk of file) {
      bytes += chunk.length
      if (bytes > maxBytes) throw configInvalid('file', `it has more than ${maxBytes} bytes`)
      yield chunk
    }
  }
}

/** Whether the first line is a frame; a journal begins with a header. */
async function hasFrames(path: string): Promise<boolean> {
  for await (const line of createInterface(createReadStream(path, { end: 1024 * 1024 })))
    return /"type":"@(?:xstate|jarcast)\./.test(line)
  throw configInvalid('file', 'it is empty')
}

async function readFrames(path: string, as: ImportNames, charts: FrameCharts) {
  const app = openFrameApp({ ...as, charts })
  for await (const line of createInterface(createReadStream(path))) app.take(line)
  app.end()
  return app
}
