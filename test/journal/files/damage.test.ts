import {
  copyFileSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { recover } from '../../../src/journal/writer/recover.ts'
import {
  codeOf,
  header,
  journalOfBatches,
  lastSegment,
  note,
  open,
  segmentsIn,
} from '../support/journal-folder.ts'
import type { Records } from '../support/journal-folder.ts'

const batches: readonly Records[] = [
  [note(1), note(2), { after: 2, hash: 'two' }],
  [note(3)],
  [note(4), note(5)],
  [note(6)],
  [note(7), note(8), { after: 8, hash: 'eight' }, note(9)],
]
const all = batches.flat()
const segmentBytes = 500

/** What is in a folder, to be put back after each try. */
function keep(folder: string) {
  const files = readdirSync(folder).map(
    (name) => [name, readFileSync(`${folder}/${name}`)] as const,
  )
  return () => {
    for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`)
    for (const [name, bytes] of files) writeFileSync(`${folder}/${name}`, bytes)
  }
}

/** All that is read after opening for writing, or `stopped`. */
async function outcome(folder: string): Promise<'stopped' | readonly unknown[]> {
  try {
    await recover(folder, header)
    return [...readJournal(folder).records]
  } catch (error) {
    if (!(error instanceof JarcastError) || error.code !== 'JOURNAL_CORRUPT') throw error
    return 'stopped'
  }
}

/** Where lines end in a file, the header's first. */
function lineEnds(bytes: Buffer): readonly number[] {
  return [...bytes.keys()].filter((at) => bytes[at] === 10).map((at) => at + 1)
}

describe('a journal of finished writes', () => {
  it('cannot be opened after a change of any byte', async () => {
    const folder = await journalOfBatches(batches, segmentBytes)
    expect(segmentsIn(folder).length).toBeGreaterThan(2)
    for (const file of segmentsIn(folder)) {
      const bytes = readFileSync(file)
      for (let at = 0; at < bytes.length; at++) {
        for (const value of [(bytes[at] ?? 0) ^ 1, ...(at % 7 === 0 ? [0, 10, 255] : [])]) {
          if (value === bytes[at]) continue
          const changed = Buffer.from(bytes)
          changed[at] = value
          writeFileSync(file, changed)
          const found = await outcome(folder)
          if (found !== 'stopped') expect.fail(`byte ${at} of ${basename(file)} made ${value}`)
          expect(readFileSync(file).equals(changed)).toBe(true)
        }
      }
      writeFileSync(file, bytes)
    }
    expect(await outcome(folder)).toEqual(all)
  })

  it('is named line by line by the check, whichever byte is changed', async () => {
    const folder = await journalOfBatches(batches, segmentBytes)
    for (const file of segmentsIn(folder)) {
      const bytes = readFileSync(file)
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes)
        changed[at] = (bytes[at] ?? 0) ^ 4
        writeFileSync(file, changed)
        const line = lineEnds(bytes).filter((end) => end <= at).length + 1
        expect(checkJournal(folder).problems[0]).toMatchObject({ file, line })
      }
      writeFileSync(file, bytes)
    }
    expect(checkJournal(folder)).toMatchObject({ problems: [], entries: 9, checks: 2 })
  })

  it('loses at most the write in which it is cut', async () => {
    const folder = await journalOfBatches(batches)
    const file = lastSegment(folder)
    const bytes = readFileSync(file)
    const text = bytes.toString()
    for (let cut = 0; cut < bytes.length; cut++) {
      writeFileSync(file, bytes)
      truncateSync(file, cut)
      const found = await outcome(folder)
      if (cut < (lineEnds(bytes)[0] ?? 0)) expect(found).toBe('stopped')
      else {
        const finished = text.slice(0, cut).split(/,"end":\d+,"crc":"[\da-f]{8}"\}\n/).length - 1
        expect(found).toEqual(batches.slice(0, finished).flat())
      }
    }
  })

  it('cannot be opened when a segment before the last is cut', async () => {
    const folder = await journalOfBatches(batches, segmentBytes)
    for (const file of segmentsIn(folder).slice(0, -1)) {
      const bytes = readFileSync(file)
      const ends = lineEnds(bytes)
      for (let cut = 0; cut < bytes.length; cut++) {
        writeFileSync(file, bytes.subarray(0, cut))
        // Without its link nothing is lost: the next segment is there.
        if (cut === ends.at(-2)) expect(await outcome(folder)).toEqual(all)
        else expect(await outcome(folder)).toBe('stopped')
      }
      writeFileSync(file, bytes)
    }
  })

  it('cannot be opened when lines are dropped, doubled or swapped', async () => {
    const folder = await journalOfBatches(batches, segmentBytes)
    for (const [index, file] of segmentsIn(folder).entries()) {
      const text = readFileSync(file, 'utf8')
      const lines = text.trimEnd().split('\n')
      const last = lines.length - 1
      const isLastFile = index === segmentsIn(folder).length - 1
      const tries: [string, readonly string[]][] = lines.flatMap((line, at) => [
        [`without ${at}`, lines.toSpliced(at, 1)],
        [`twice ${at}`, lines.toSpliced(at, 0, line)],
        ...lines.slice(at + 1).map((other, distance): [string, readonly string[]] => {
          const swapped = lines.with(at, other).with(at + 1 + distance, line)
          return [`${at} for ${at + 1 + distance}`, swapped]
        }),
      ])
      for (const [name, changed] of tries) {
        writeFileSync(file, `${changed.join('\n')}\n`)
        const found = await outcome(folder)
        if (name === `without ${last}` && !isLastFile) expect(found).toEqual(all)
        // The last line of all is the end of the last write: without it that was never finished.
        else if (name === `without ${last}`) expect(found).toEqual(batches.slice(0, -1).flat())
        else if (found !== 'stopped') expect.fail(`${name} in ${basename(file)}`)
      }
      writeFileSync(file, text)
    }
  })

  it('cannot be opened when segments are missing, swapped or of another journal', async () => {
    const folder = await journalOfBatches(batches, segmentBytes)
    const other = await journalOfBatches(batches, segmentBytes)
    const [, second = '', third = ''] = segmentsIn(folder)
    const reset = keep(folder)
    const tries: readonly (() => void)[] = [
      () => rmSync(second),
      // What is left ends with a whole write, and says that more was written.
      () => rmSync(third),
      () => copyFileSync(second, third),
      () => copyFileSync(second, `${folder}/journal-0000000000000010.ndjson`),
      () => {
        renameSync(second, `${folder}/held`)
        renameSync(third, second)
        renameSync(`${folder}/held`, third)
      },
      ...segmentsIn(other).map((file) => () => copyFileSync(file, `${folder}/${basename(file)}`)),
      () => truncateSync(third, 0),
    ]
    for (const [index, change] of tries.entries()) {
      change()
      if ((await outcome(folder)) !== 'stopped') expect.fail(`try ${index}`)
      expect(checkJournal(folder).problems.length).toBeGreaterThan(0)
      reset()
    }
    expect(await outcome(folder)).toEqual(all)
  })

  it('is no whole run without its first segment', async () => {
    const folder = await journalOfBatches(batches, segmentBytes)
    rmSync(segmentsIn(folder)[0] ?? '')
    const journal = await open(folder)
    expect(await codeOf(() => [...journal.read(1)])).toBe('JOURNAL_COMPACTED')
    await journal.close()
  })

  it('cannot be opened when a copy continued differently', async () => {
    const folder = await journalOfBatches(batches.slice(0, 2), segmentBytes)
    const copy = await journalOfBatches([], segmentBytes)
    rmSync(lastSegment(copy))
    for (const file of segmentsIn(folder)) copyFileSync(file, `${copy}/${basename(file)}`)
    for (const [path, text] of [
      [folder, 'here'],
      [copy, 'elsewhere'],
    ] as const) {
      const journal = await open(path, { segmentBytes })
      for (const seq of [4, 5, 6, 7, 8])
        await journal.append([note(seq, `${seq} ${text}`.padEnd(20))])
      await journal.close()
    }
    expect(segmentsIn(copy).map((file) => basename(file))).toEqual(
      segmentsIn(folder).map((file) => basename(file)),
    )
    copyFileSync(lastSegment(copy), lastSegment(folder))
    expect(await outcome(folder)).toBe('stopped')
  })
})

describe('a journal with an unfinished write', () => {
  async function unfinished() {
    const folder = await journalOfBatches(batches)
    const file = lastSegment(folder)
    const whole = readFileSync(file)
    const finished = batches.slice(0, -1).flat()
    const lines = lineEnds(whole)
    const start = lines[lines.length - 1 - (batches.at(-1)?.length ?? 0)] ?? 0
    return { folder, file, whole, finished, start }
  }

  it('continues before it, wherever that was interrupted', async () => {
    const { folder, file, whole, finished, start } = await unfinished()
    for (let end = start; end < whole.length; end++) {
      writeFileSync(file, whole.subarray(0, end))
      const { torn } = await recover(folder, header)
      expect(torn).toEqual(end === start ? undefined : { file, byte: start, cutBytes: end - start })
      expect(readFileSync(file).equals(whole.subarray(0, start))).toBe(true)
      expect([...readJournal(folder).records]).toEqual(finished)
    }
  })

  it('never loses more than that, whichever byte of all is changed besides', async () => {
    const { folder, file, whole, finished, start } = await unfinished()
    const left = whole.subarray(0, whole.length - 20)
    let cuts = 0
    for (let at = 0; at < left.length; at++) {
      const changed = Buffer.from(left)
      changed[at] = (left[at] ?? 0) ^ 2
      writeFileSync(file, changed)
      const found = await outcome(folder)
      if (found === 'stopped') continue
      cuts += 1
      expect(at).toBeGreaterThanOrEqual(start)
      expect(found).toEqual(finished)
    }
    expect(cuts).toBeGreaterThan(0)
  })

  it('stops when zeros or a part in the middle are what is missing', async () => {
    const { folder, file, whole, start } = await unfinished()
    for (let at = start; at < whole.length; at++) {
      const holed = Buffer.from(whole)
      holed.fill(0, at, Math.min(at + 16, whole.length))
      writeFileSync(file, holed)
      expect(await outcome(folder)).toBe('stopped')
    }
  })
})

describe('a crash while a segment begins', () => {
  it('is no damage, wherever it comes', async () => {
    const folder = await journalOfBatches(batches, segmentBytes)
    const [second = '', third = ''] = segmentsIn(folder).slice(-2)
    const bytes = readFileSync(second)
    const ends = lineEnds(bytes)
    const link = ends.at(-2) ?? 0
    const head = readFileSync(third).subarray(0, lineEnds(readFileSync(third))[0])
    const before = segmentsIn(folder)
      .slice(0, -1)
      .flatMap((file) => [...readJournal(file).records])
    for (let end = link; end <= bytes.length; end++) {
      writeFileSync(second, bytes.subarray(0, end))
      writeFileSync(third, head)
      expect([...readJournal(folder).records]).toEqual(before)
      expect(await outcome(folder)).toEqual(before)
      expect(readFileSync(second).equals(bytes)).toBe(true)
    }
    // Interrupted before there is a next segment at all.
    rmSync(third)
    writeFileSync(second, bytes.subarray(0, link))
    const journal = await open(folder, { segmentBytes })
    await journal.append([note(journal.lastSeq + 1)])
    await journal.close()
    expect(checkJournal(folder).problems).toEqual([])
  })
})
