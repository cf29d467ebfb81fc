/** Small pictures, drawn in the colour of the text. They mean nothing to a screen reader. */
const paths = {
  first: 'M4 3v10M12.5 3.5 6.5 8l6 4.5z',
  previous: 'm10.5 3.5-5 4.5 5 4.5',
  play: 'M5 3.2v9.6L12.8 8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  next: 'm5.5 3.5 5 4.5-5 4.5',
  last: 'M12 3v10M3.5 3.5l6 4.5-6 4.5z',
  open: 'm4.5 6 3.5 4 3.5-4',
  closed: 'm6 4.5 4 3.5-4 3.5',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1.5V8.5z',
  failure: 'M8 2.2 14.3 13H1.7zM8 6.5v3M8 11.2v.1',
  rejected: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM4 12l8-8',
  timer: 'M8 14A5.5 5.5 0 1 0 8 3a5.5 5.5 0 0 0 0 11zM8 5.5v3l2 1.5M6.5 1.5h3',
  restart: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  branch:
    'M4.5 5v6M4.5 5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 14a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 6.5c0 3-7 1.5-7 4.5',
  yes: 'm3 8.5 3.5 3.5L13 4.5',
  no: 'm4 4 8 8M12 4l-8 8',
  skip: 'M3.5 8h9',
  import: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  export: 'M8 10.5v-8M4.5 5.5 8 2l3.5 3.5M2.5 13.5h11',
  theme: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5l4.5-1M8 8h6M8 11l4.5 1',
  help: 'M5.5 6a2.5 2.5 0 1 1 3.600 2.200C8.300 8.600 8 9 8 10M8 12.5v.1',
  close: 'm4 4 8 8M12 4l-8 8',
  note: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.5M8 5v.1',
  target: 'M8 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3',
  arrow: 'M2.5 8h10.5M9.5 4.5 13 8l-3.5 3.5',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
