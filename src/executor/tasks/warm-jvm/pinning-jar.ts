/**
 * Jars that a class loader cannot let go of again. JDBC drivers register with `java.sql.DriverManager`, which holds them, and so
 * their loader, for ever, and which gives them to nobody whose loader did not load them.
 * Source: java.sql.DriverManager; JAR File Specification, "Service Provider".
 */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { readZipDirectory } from '../../../archive/zip-directory.ts'

const driverService = 'META-INF/services/java.sql.Driver'

/** Jars looked at; all are looked at again when there are too many, as sets come and go. */
const known = new Map<string, Promise<boolean>>()
const maxKnown = 10_000

/** The name of the first jar with a JDBC driver; undefined when there is none. */
export async function findPinningJar(paths: readonly string[]): Promise<string | undefined> {
  if (known.size > maxKnown) known.clear()
  for (const path of paths) {
    const found = known.get(path) ?? hasDriver(path)
    known.set(path, found)
    if (await found) return basename(path)
  }
  return undefined
}

/** A jar that cannot be read has none: java will say what is wrong with it. */
async function hasDriver(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r')
    try {
      const entries = await readZipDirectory(file)
      return entries.some(({ name }) => name === driverService)
    } finally {
      await file.close()
    }
  } catch {
    return false
  }
}
