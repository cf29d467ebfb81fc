/** The options of npm's libraries. */
export type NpmOptions = Readonly<Record<string, unknown>>
