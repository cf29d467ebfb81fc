/** The token of an inspector, from where no other user of the host can see it. */
import { readFileSync } from 'node:fs'
import { configInvalid } from '../../errors.ts'

const tokenVariable = 'JARCAST_INSPECT_TOKEN'

/** From a file, or from the environment variable `JARCAST_INSPECT_TOKEN`; undefined without. */
export function readToken(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (file === undefined) return environment[tokenVariable]
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw configInvalid('tokenFile', `the token cannot be read from ${file}`, error)
  }
}
