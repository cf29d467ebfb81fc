/** Notes on figures, by `bench: case`, from the headings of a Markdown file. */
export function readNotes(markdown) {
  const [, ...sections] = markdown.replace(/<!--[\s\S]*?-->/g, '').split(/^## /m)
  return new Map(
    sections.map((section) => {
      const [title = '', ...text] = section.split('\n')
      return [title.trim(), text.join('\n').trim()]
    }),
  )
}
