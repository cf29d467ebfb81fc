import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentTypeOf } from '../../../src/server/http/content-type.ts'
import { encodeSegment, parseRequestPath } from '../../../src/server/http/request-path.ts'

describe('parseRequestPath', () => {
  it.each([
    ['/', '/'],
    ['/0_a.jar', '/0_a.jar'],
    ['/blobs/ab/my%20lib.jar', '/blobs/ab/my lib.jar'],
    ['/a+b.jar?x=1&y=../..', '/a+b.jar'],
    ['/caf%C3%A9.jar', '/café.jar'],
    ['http://host:80/a.jar', '/a.jar'],
    ['HTTP://[::1]/a.jar?q', '/a.jar'],
    ['http://host', '/'],
    ['//a.jar', '//a.jar'],
    ['/..a/...', '/..a/...'],
  ])('decodes %s', (target, path) => {
    expect(parseRequestPath(target)).toBe(path)
  })

  it.each([
    '/../etc/passwd',
    '/a/./b',
    '/%2e%2e/etc/passwd',
    '/.%2E/x',
    '/..%2f..%2fetc/passwd',
    '/a%5cb',
    '/a\\b',
    '/a%00.jar',
    '/a%0d%0ab',
    '/%',
    '/%zz',
    '/%ff',
    '/a#b',
    '*',
    'a.jar',
    'ftp://host/a.jar',
  ])('refuses %s as bad', (target) => {
    expect(parseRequestPath(target)).toBe(400)
  })

  it('refuses a target that is too long', () => {
    expect(parseRequestPath(`/${'a'.repeat(4096)}`)).toBe(414)
  })

  it('never throws and never yields a climbing path', () => {
    const target = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('/', '.', '..', '%2e', '%2f', '%', 'a', '\\', '\0', '?', '#'))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(target, (text) => {
        const path = parseRequestPath(text)
        if (typeof path === 'string') expect(path.split('/')).not.toContain('..')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('encodeSegment', () => {
  it('is undone by decoding and reads as one shell word', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => !/^\.{1,2}$|[/\\\p{Cc}]/u.test(text))
    fc.assert(
      fc.property(name, (text) => {
        const encoded = encodeSegment(text)
        expect(encoded).toMatch(/^[A-Za-z0-9_.%-]+$/)
        expect(parseRequestPath(`/${encoded}`)).toBe(`/${text}`)
      }),
    )
  })
})

describe('contentTypeOf', () => {
  it.each([
    ['a.jar', 'application/java-archive'],
    ['a.TGZ', 'application/gzip'],
    ['a.tar.gz', 'application/gzip'],
    ['run.sh', 'application/x-sh'],
    ['executor.mjs', 'text/javascript; charset=utf-8'],
    ['constructor', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
    ['a.', 'application/octet-stream'],
  ])('types %s as %s', (name, type) => {
    expect(contentTypeOf(name)).toBe(type)
  })
})
