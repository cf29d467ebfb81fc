import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkCredentials, readCredentials } from '../../../src/framework/options/credentials.ts'
import { schedulerInputOf } from '../../../src/framework/options/framework-info.ts'
import { toSettings } from '../../../src/framework/options/settings.ts'

let folder: string
let path: string
const me = { principal: 'me', secret: 'hu:sh' }
const you = { principal: 'you', secret: 'quiet' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-test-'))
  path = join(folder, 'credentials')
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(message) as string,
  }) as Error

describe('readCredentials', () => {
  it.each([
    ['an object', JSON.stringify(me)],
    ['a list of one', JSON.stringify({ credentials: [me] })],
    ['a line', 'me hu:sh'],
    ['a line among empty ones', '\n  me\thu:sh \r\n\n'],
  ])('reads %s', async (_, text) => {
    await writeFile(path, text)
    expect(readCredentials(path)).toEqual(me)
  })

  it.each([JSON.stringify({ credentials: [me, you] }), 'me hu:sh\nyou quiet\n'])(
    'takes the one that is named out of %j',
    async (text) => {
      await writeFile(path, text)
      expect(readCredentials(path, 'you')).toEqual(you)
      expect(() => readCredentials(path)).toThrow(refusal(/contains several principals/))
      expect(() => readCredentials(path, 'they')).toThrow(refusal(/contains no principal they/))
    },
  )

  it.each([
    ['', /contains no credentials/],
    ['me', /must have a principal and a secret/],
    ['me hush and more', /must have a principal and a secret/],
    ['{"principal":"me","secret":"hush"', /is not JSON/],
    ['{"principal":"me"}', /must have a principal and a secret/],
    ['{"principal":"me","secret":7}', /must have a principal and a secret/],
    ['{"credentials":"hush"}', /must have a list/],
    ['{"credentials":[null,"hush"]}', /contains several principals/],
    ['{"principal":"m:e","secret":"hush"}', /no colon/],
  ])('refuses %j and tells no secret', async (text, message) => {
    await writeFile(path, text)
    expect(() => readCredentials(path)).toThrow(refusal(message))
    expect(() => readCredentials(path)).not.toThrow(/hush/)
  })

  it('names a file that is not there', () => {
    expect(() => readCredentials(join(folder, 'none'))).toThrow(refusal(/none cannot be read/))
  })
})

describe('checkCredentials', () => {
  it('refuses what has no principal', () => {
    expect(() => checkCredentials({ principal: '', secret: 'x' })).toThrow(refusal(/principal/))
  })
})

describe('toSettings', () => {
  const settingsOf = (options: object) => toSettings({ master: 'm', user: 'u', ...options })

  it('sends Mesos the principal, and no secret', () => {
    const settings = settingsOf({ credentials: me })
    const input = schedulerInputOf(settings)
    expect(input.framework.principal).toBe('me')
    expect(JSON.stringify(input)).not.toContain('hu:sh')
    expect(schedulerInputOf(settingsOf({})).framework).not.toHaveProperty('principal')
    expect(settingsOf({ principal: 'shown' })).toMatchObject({
      principal: 'shown',
      credentials: undefined,
    })
  })

  it('refuses a principal beside other credentials', () => {
    expect(() => settingsOf({ credentials: me, principal: 'you' })).toThrow(refusal(/principal/))
  })

  it('names a codec to executors that is not the default', () => {
    expect(settingsOf({}).mediaType).toBe('application/x-protobuf')
    expect(settingsOf({}).executor.environment).toEqual({})
    const json = settingsOf({ codec: 'json', executor: { environment: { A: 'b' } } })
    expect(json.mediaType).toBe('application/json')
    expect(json.executor.environment).toEqual({ A: 'b', JARCAST_CODEC: 'json' })
    expect(() => settingsOf({ codec: 'xml' })).toThrow(refusal(/protobuf or json/))
  })

  it.each(['', ' ', [], ['m', '']])('refuses %j for a master', (master) => {
    expect(() => settingsOf({ master })).toThrow(refusal(/master must be an address/))
  })
})
