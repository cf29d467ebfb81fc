import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isEntry } from '../../../src/journal/journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { memoryFolder, temporaryFolder } from '../support/journal-folder.ts'
import { bundleJournal, killHard, startProgram } from '../support/writer-process.ts'

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

describe('a journal that is written', () => {
  it('can be read by others at any moment, also while segments begin', async () => {
    const folder = temporaryFolder(memoryFolder)
    const writer = startProgram(
      await bundleJournal(),
      `const journal = await open(${JSON.stringify(folder)}, { segmentBytes: 1000 })
       await journal.append([note(1)])
       print('open')
       for (let seq = 2; seq < 20000; seq++) await journal.append([note(seq)])`,
    )
    expect(await writer.read()).toBe('open')
    let last = 0
    for (let round = 0; round < 300; round++) {
      const { lastSeq, records } = readJournal(folder)
      expect(lastSeq).toBeGreaterThanOrEqual(last)
      last = lastSeq
      if (round % 50 === 0) expect([...records].filter(isEntry).length).toBe(lastSeq)
    }
    expect(last).toBeGreaterThan(100)
    await killHard(writer)
  })
})
