import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JavaWork } from '../../../../src/domain/tasks/task-work.ts'
import { hasJava } from '../../../support/java.ts'
import { hasMariaDb, mariaDbDriver, startMariaDb } from '../../../support/servers/mariadb.ts'
import type { MariaDb } from '../../../support/servers/mariadb.ts'
import { reportOf } from '../../support/connection.ts'
import { startHarness } from '../../support/harness.ts'
import type { Harness } from '../../support/harness.ts'
import { startLibraryServer } from '../../support/library-server.ts'
import type { LibraryServer } from '../../support/library-server.ts'

const classes = new URL('../../fixtures/classes.jar', import.meta.url)

describe.skipIf(!hasJava() || !hasMariaDb())('a JDBC driver', () => {
  let database: MariaDb
  let server: LibraryServer
  let harness: Harness

  beforeEach(async () => {
    database = await startMariaDb()
    server = await startLibraryServer()
    harness = await startHarness()
  })
  afterEach(async () => {
    await harness.close()
    await server.close()
    await database.close()
  })

  it.each(['process', 'shared', 'child-first'] as const)(
    'connects to its database in a task with isolation %s',
    async (isolation) => {
      const librarySet = server.addSet(
        { name: 'classes.jar', kind: 'jar', bytes: await readFile(classes) },
        { name: 'mariadb.jar', kind: 'jar', bytes: await readFile(mariaDbDriver) },
      )
      const args = [database.jdbcUrl, 'SELECT 6 * 7']
      const work: JavaWork = { kind: 'java', mainClass: 'Query', args, isolation }
      harness.agent.launch('t', work, { librarySet })
      const status = await harness.agent.last('t')
      expect(reportOf(status)).toMatchObject({ result: '42\n' })
      expect(/mariadb\.jar has a JDBC driver/.test(status.message ?? '')).toBe(
        isolation !== 'process',
      )
    },
  )
})
