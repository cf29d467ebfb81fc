/** One word for a POSIX shell: in quotes where the shell would otherwise take it apart. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
