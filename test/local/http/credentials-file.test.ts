import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCredentials as readOfFramework } from '../../../src/framework/options/credentials.ts'
import { readCredentials } from '../../../src/local/http/credentials-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'jarcast-credentials-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'file')

describe('readCredentials', () => {
  it.each([
    '{"credentials":[{"principal":"me","secret":"sesame"}]}',
    '{"principal":"me","secret":"sesame"}',
    'me sesame\n',
    '\r\n  me\tsesame\r\n',
  ])('of a cluster takes %j, as that of a framework does', (text) => {
    writeFileSync(file, text)
    expect(readCredentials(file)).toEqual([readOfFramework(file)])
  })

  it.each(['', '{}', '[]', '{"hush"', 'null', 'me', 'me hush hush', '{"principal":"hush"}'])(
    'refuses %j, and shows nothing of it',
    (text) => {
      writeFileSync(file, text)
      expect(() => readCredentials(file)).toThrow(/^(?!.*hush)credentials /)
    },
  )
})
