import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { findForeignRequest, type RequestRules } from '../../src/access/foreign-request.ts'

const rules: RequestRules = { hosts: ['Jars.Example'], origins: ['https://console.example'] }

function find(headers: Readonly<Record<string, string | undefined>>, method = 'GET') {
  const given = { host: '127.0.0.1:5050', ...headers }
  const request = { method, headers: given, rawHeaders: Object.entries(given).flat() }
  return findForeignRequest(request as unknown as IncomingMessage, rules)
}

describe('findForeignRequest', () => {
  it.each([
    '127.0.0.1:5050',
    '10.0.0.5',
    '[::1]:5050',
    '[fe80::1]',
    'localhost:1',
    'LOCALHOST',
    'localhost.',
    'jars.example:8080',
    'jars.example.',
    undefined,
  ])('lets programs ask by host %j', (host) => {
    expect(find({ host })).toBeUndefined()
    expect(find({ host }, 'POST')).toBeUndefined()
  })

  it.each([
    'rebound.example:5050',
    'localhost.rebound.example',
    '127.0.0.1.rebound.example',
    'sub.jars.example',
    '[jars.example]',
    '[127.0.0.1]',
    '::1',
    '0x7f.1',
    '2130706433',
    'a:b',
    'jars.example@rebound.example',
    '',
  ])('refuses host %j', (host) => {
    expect(find({ host })).toContain('is not a known name of this server')
  })

  it('refuses two hosts, even equal ones', () => {
    const request = { method: 'GET', headers: { host: 'localhost' } }
    const rawHeaders = ['Host', 'localhost', 'HOST', 'localhost']
    expect(findForeignRequest({ ...request, rawHeaders }, rules)).toContain('more than one Host')
  })

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'])(
    'refuses %s from pages of another origin',
    (method) => {
      for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:8000', 'file://']) {
        expect(find({ origin }, method)).toContain('Web pages of')
      }
    },
  )

  it.each(['cross-site', 'same-site', 'new-value'])(
    'refuses what a browser calls %s, with an Origin or without',
    (site) => {
      const asked = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }
      expect(find(asked)).toContain('other origins')
      expect(find({ ...asked, origin: 'http://127.0.0.1:5050' }, 'POST')).toContain('other origins')
    },
  )

  it('allows the pages of the server itself', () => {
    expect(find({ origin: 'http://127.0.0.1:5050' }, 'POST')).toBeUndefined()
    expect(find({ 'sec-fetch-site': 'same-origin' })).toBeUndefined()
    // Behind a proxy that ends TLS, the browser knows better than the names can tell.
    const origin = 'https://jars.example'
    expect(find({ host: 'localhost:1', origin, 'sec-fetch-site': 'same-origin' })).toBeUndefined()
  })

  it('allows typed addresses and links, but no frame or form', () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect(find({ 'sec-fetch-site': 'none' })).toBeUndefined()
    expect(find({ ...link, 'sec-fetch-dest': 'document' })).toBeUndefined()
    expect(find({ ...link, 'sec-fetch-dest': 'document' }, 'POST')).toContain('other origins')
    expect(find({ ...link, 'sec-fetch-dest': 'iframe' })).toContain('other origins')
  })

  it('allows pages of configured origins, for an allowed host only', () => {
    const page = { origin: 'https://console.example', 'sec-fetch-site': 'cross-site' }
    expect(find(page, 'POST')).toBeUndefined()
    expect(find({ ...page, host: 'rebound.example' }, 'POST')).toContain("'rebound.example'")
  })

  it('quotes at most one line of the request', () => {
    const host = `evil\u001b[31m.example${'x'.repeat(1000)}`
    expect(find({ host })).toMatch(/^'evil\?\[31m\.examplex+' is not a known name/u)
    expect(find({ host })?.length).toBeLessThan(200)
  })
})
