export function readNotes(markdown: string): ReadonlyMap<string, string>
