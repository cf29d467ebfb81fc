import { describe, expect, it } from 'vitest'
import { toRepositories } from '../../../../src/coordinates/maven/repositories/repositories.ts'

const settings = {
  repositories: [],
  mirrors: [],
  servers: [],
  proxies: [],
  localRepository: undefined,
  isOffline: false,
}

describe('toRepositories', () => {
  it.each(['https://me:hush@h/r', 'https:me:hush@h/r', 'https:/me:hush@h/r', 'https://h/r?t=hush'])(
    'names the folder and the repository of %s without its secret',
    (address) => {
      const [repository] = toRepositories(settings, [address])
      const { id, cacheKey, url, headers } = repository ?? {}
      expect(`${id} ${cacheKey}`).not.toContain('hush')
      expect(`${url?.host} ${url?.username}`).toBe('h ')
      expect(headers).toEqual(
        address.includes('me:') ? { authorization: 'Basic bWU6aHVzaA==' } : {},
      )
    },
  )
})
