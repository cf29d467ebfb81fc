import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isEntry } from '../../src/journal/journal.ts'
import { readJournal } from '../../src/journal/read-journal.ts'
import {
  errorOf,
  journalOf,
  lastSegment,
  memoryFolder,
  note,
  notes,
  open,
  temporaryFolder,
} from './journal-folder.ts'
import { bundleJournal, killHard, startProgram } from './writer-process.ts'

const rounds = 20

describe('a writer that is killed', () => {
  it('leaves everything that was acknowledged', async () => {
    const bundle = await bundleJournal()
    const folder = temporaryFolder()
    // Prints each seq once its append resolved; appends of different sizes are on their way at any moment.
    const program = `
      const journal = await open(${JSON.stringify(folder)}, { segmentBytes: 200000 })
      print({ from: journal.lastSeq, recovered: journal.recovered })
      for (let seq = journal.lastSeq + 1; ; ) {
        const appends = []
        for (const size of [1, 3, 20, 200]) {
          const records = []
          for (let index = 0; index < size; index++, seq++) records.push(note(seq, 'x'.repeat(seq % 300)))
          records.push({ after: seq - 1, hash: String(seq - 1) })
          appends.push(journal.append(records).then(() => print({ seq: records.at(-1).after })))
        }
        await appends[0]
      }`
    let acknowledged = 0
    for (let round = 0; round < rounds; round++) {
      const writer = startProgram(bundle, program)
      const first = (await writer.read()) as { from: number }
      expect(first.from).toBeGreaterThanOrEqual(acknowledged)
      acknowledged = first.from
      writer.lines.on('line', (line) => {
        acknowledged = (JSON.parse(line) as { seq: number }).seq
      })
      await sleep(Math.random() * 60)
      await killHard(writer)
      const { lastSeq, records } = readJournal(folder)
      const seqs = [...records].filter(isEntry).map(({ seq }) => seq)
      expect(seqs).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1))
      expect(lastSeq).toBeGreaterThanOrEqual(acknowledged)
    }
    expect(acknowledged).toBeGreaterThan(rounds)
  })
})

describe('a journal that is cut', () => {
  it('opens with a whole prefix at every byte of its last 4 KiB', async () => {
    const folder = await journalOf(notes(100), undefined, memoryFolder)
    const file = lastSegment(folder)
    const bytes = readFileSync(file)
    const lines = bytes.toString().trimEnd().split('\n')
    for (let cut = 1; cut <= 4096; cut++) {
      writeFileSync(file, bytes)
      truncateSync(file, bytes.length - cut)
      const whole = bytes.subarray(0, bytes.length - cut).lastIndexOf(10) + 1
      const journal = await open(folder)
      try {
        const cutBytes = bytes.length - cut - whole
        expect(journal.recovered?.cutBytes ?? 0).toBe(cutBytes)
        const count = bytes.subarray(0, whole).toString().trimEnd().split('\n').length - 1
        expect(JSON.stringify([...journal.read(0)])).toBe(
          JSON.stringify(notes(100).slice(0, count)),
        )
      } finally {
        await journal.close()
      }
      expect(readFileSync(file, 'utf8')).toBe(bytes.subarray(0, whole).toString())
    }
    expect(lines.length).toBe(111)
  })
})

describe('the lock', () => {
  it('of another process is respected until that is gone', async () => {
    const bundle = await bundleJournal()
    const folder = temporaryFolder()
    const writer = startProgram(
      bundle,
      `const journal = await open(${JSON.stringify(folder)})
       await journal.append([note(1)])
       print('open')
       setInterval(() => undefined, 1000)`,
    )
    expect(await writer.read()).toBe('open')
    const error = await errorOf(() => open(folder))
    expect(error.code).toBe('JOURNAL_LOCKED')
    expect(error.message).toContain(`process ${writer.child.pid} `)
    expect(error.message).toContain(folder)
    await killHard(writer)
    const journal = await open(folder)
    expect([...journal.read()]).toEqual([note(1)])
    await journal.close()
    expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([])
  })

  it('of a process with the same pid, from before, is taken over', async () => {
    const folder = temporaryFolder()
    await (await open(folder)).close()
    const mine = await lockName(folder)
    const [, pid = '', started = '', boot = '', host = ''] = mine.split('.')
    const stale = [
      ['lock', pid, String(Number(started) + 1), boot, host],
      ['lock', pid, started, 'abcdef01', host],
      ['lock', '4194304', started, boot, host],
    ]
    for (const name of stale) {
      writeFileSync(`${folder}/${name.join('.')}`, '')
      await (await open(folder)).close()
    }
    expect(readdirSync(folder)).toEqual(['journal-0000000000000001.ndjson'])
  })

  it('of another host is respected, and says how to remove it', async () => {
    const folder = temporaryFolder()
    writeFileSync(`${folder}/lock.7.100.abcdef01.elsewhere`, '')
    const error = await errorOf(() => open(folder))
    expect(error.code).toBe('JOURNAL_LOCKED')
    expect(error.message).toContain('process 7 on elsewhere')
    expect(error.message).toContain('remove lock.7.100.abcdef01.elsewhere')
  })

  it('is held by one at most when many come at once', async () => {
    const bundle = await bundleJournal()
    const folder = temporaryFolder()
    writeFileSync(`${folder}/lock.4194304.1.abcdef01.${(await lockName(folder)).split('.')[4]}`, '')
    // Each tries until it is the writer, adds what it sees as the next entry, and lets the next one in.
    const program = `
      for (let turn = 0; turn < 3; ) {
        const journal = await open(${JSON.stringify(folder)}).catch((error) => {
          if (error.code !== 'JOURNAL_LOCKED') throw error
        })
        if (journal === undefined) continue
        await journal.append([note(journal.lastSeq + 1, String(process.pid))])
        await new Promise((resolve) => setTimeout(resolve, 5))
        await journal.append([note(journal.lastSeq + 1, String(process.pid))])
        await journal.close()
        turn += 1
      }
      print('done')`
    const writers = Array.from({ length: 4 }, () => startProgram(bundle, program))
    const outcomes = writers.map(async (writer) => {
      const errors: Buffer[] = []
      writer.child.stderr.on('data', (data: Buffer) => errors.push(data))
      const line = await writer.read()
      if (writer.child.exitCode === null) await once(writer.child, 'exit')
      return [line, Buffer.concat(errors).toString()]
    })
    expect(await Promise.all(outcomes)).toEqual(writers.map(() => ['done', '']))
    const entries = [...readJournal(folder).records].filter(isEntry)
    expect(entries.length).toBe(4 * 3 * 2)
    const pids = entries.map(({ event }) => (event as unknown as { text: string }).text)
    // Two at a time are of the same process: nobody wrote in between.
    expect(pids.filter((_, index) => index % 2 === 0)).toEqual(
      pids.filter((_, index) => index % 2 === 1),
    )
  })
})

async function lockName(folder: string): Promise<string> {
  const journal = await open(folder)
  try {
    return readdirSync(folder).find((name) => name.startsWith('lock')) ?? ''
  } finally {
    await journal.close()
  }
}
