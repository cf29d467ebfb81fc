/** What the page shows, as the part of its address after `#`: a link opens the same moment. */
export interface Address {
  readonly app?: string
  /** Missing: the newest entry is followed. */
  readonly entry?: number
  readonly view?: string
  readonly actor?: string
  readonly panel?: string
}

/** Reads `#app=a&entry=12&view=sequence&actor=b`; what it cannot read is left out. */
export function parseAddress(hash: string): Address {
  const members = new URLSearchParams(hash.replace(/^#/, ''))
  const text = (name: string): Record<string, string> => {
    const value = members.get(name)
    return value === null || value === '' ? {} : { [name]: value }
  }
  const entry = members.get('entry') ?? ''
  return {
    ...text('app'),
    ...(/^\d{1,15}$/.test(entry) ? { entry: Number(entry) } : {}),
    ...text('view'),
    ...text('actor'),
    ...text('panel'),
  }
}

export function formatAddress(address: Address): string {
  const members = new URLSearchParams()
  for (const name of ['app', 'entry', 'view', 'actor', 'panel'] as const) {
    const value = address[name]
    if (value !== undefined && value !== '') members.set(name, String(value))
  }
  return `#${members.toString()}`
}
