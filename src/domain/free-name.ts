/** The name, with the first of the prefixes `2-`, `3-`… that makes it free if it is taken. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name
  for (let count = 2; isTaken(free); count += 1) free = `${count}-${name}`
  return free
}
