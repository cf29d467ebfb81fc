import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../src/package-root.ts'

it('is the folder of jarcast’s package.json', () => {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ name: 'jarcast' })
})
