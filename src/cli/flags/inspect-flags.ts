/** `--inspect`: a page on which a run can be watched, and who may reach it. */
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'

export interface InspectFlags {
  /** True without an address. */
  readonly inspect?: string | true
  readonly inspectTokenFile?: string
  readonly inspectControl?: boolean
  readonly inspectWait?: boolean
}

interface InspectAddress {
  readonly host?: string
  readonly port?: number
}

/** Adds the options that a page of any program has. */
export function addPageFlags(command: Command): Command {
  return command
    .optionsGroup('Inspector:')
    .option(
      '--inspect [host:port]',
      'open a page on which it can be watched (default: any free port of 127.0.0.1)',
    )
    .option(
      '--inspect-token-file <file>',
      'token that the page asks for; other addresses than 127.0.0.1 need one',
    )
}

/** Adds the options of a run. */
export function addInspectFlags(command: Command): Command {
  return addPageFlags(command)
    .option(
      '--inspect-control',
      'let the page kill tasks, ask for offers, add libraries (default: it only looks)',
    )
    .option('--inspect-wait', 'keep the page after the end of the run, until a signal')
}

/**
 * Address and token of the page. Throws CONFIG_INVALID for another form than `HOST:PORT`, `HOST`
 * or `PORT`, and for options without `--inspect`.
 */
export function toPageOptions(
  flags: InspectFlags,
): (InspectAddress & { readonly tokenFile?: string }) | undefined {
  const { inspect, inspectTokenFile: tokenFile } = flags
  if (inspect !== undefined) {
    return { ...(inspect === true ? {} : addressOf(inspect)), ...defined({ tokenFile }) }
  }
  const alone = (['inspectTokenFile', 'inspectControl', 'inspectWait'] as const).find(
    (name) => flags[name] !== undefined,
  )
  if (alone === undefined) return undefined
  throw configInvalid(alone, 'the options of --inspect have no effect without it')
}

function addressOf(text: string): InspectAddress {
  const [, bracketed, name, digits] =
    /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? []
  if (name !== undefined && digits === undefined && /^\d{1,5}$/.test(name)) {
    return { port: portOf(name) }
  }
  const host = bracketed ?? name
  if (host === undefined || host === '') {
    const message = `--inspect ${text}: give HOST:PORT, HOST or PORT; an IPv6 address in brackets`
    throw configInvalid('inspect', message)
  }
  return { host, ...defined({ port: digits === undefined ? undefined : portOf(digits) }) }
}

function portOf(digits: string): number {
  const port = Number(digits)
  if (port <= 65_535) return port
  throw configInvalid('inspect', `--inspect: ${digits} is no port`)
}
