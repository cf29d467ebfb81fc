/**
 * What is promised, in the order of the page: each goal with the benchmark and the cases that measure it.
 * The limits are beside the figures, in test/bench.
 */
export const goals = [
  { what: 'A hot blob of 14 MB', find: { bench: 'jar-server', case: /^(?!.*TLS).*14 MB/ } },
  { what: 'A blob of 1 kB', find: { bench: 'jar-server', case: /^(?!.*TLS).*1 k/i } },
  { what: 'Ranges of 64 KiB', find: { bench: 'jar-server', case: /^(?!.*TLS).*range/i } },
  { what: 'The same over TLS', find: { bench: 'jar-server', case: /TLS/ } },
  { what: 'Live, with a journal on disk', find: { bench: 'journal', case: /live.*commit/ } },
  { what: 'Live, nothing kept', find: { bench: 'journal', case: /live.*nothing kept/ } },
  { what: 'Replay from disk', find: { bench: 'journal', case: /replay/ } },
  { what: 'A status update', find: { bench: 'scheduler', case: /status update/ } },
  { what: 'Offers of 10,000 agents, decoded to ACCEPT', find: { case: /offers.*ACCEPT/i } },
  { what: 'Tasks of nothing', find: { bench: 'tasks', case: /nothing, warm/ } },
  { what: 'Tasks in JavaScript beside warm JVMs', find: { bench: 'tasks', case: /JavaScript/ } },
  { what: 'Reading OFFERS and UPDATE, writing ACCEPT', find: { bench: 'wire', case: /./ } },
  { what: '32 executors start on one host', find: { case: /^32 executors start/ } },
  { what: 'Libraries to 24 hosts over slow links', find: { case: /^24 hosts/ } },
  { what: 'The delta of an uber jar', find: { case: /delta|uber|one class/i } },
  { what: "A task's memory in the scheduler", find: { case: /(memory|heap).*(per|a|of a) task/i } },
  { what: 'Memory of an idle executor', find: { case: /executor idle|idle executor/i } },
]

/** The figures of a goal that have limits. */
export function figuresOf({ find }, groups) {
  const { bench: wanted, case: pattern } = find
  return groups
    .filter(({ bench }) => wanted === undefined || bench === wanted)
    .flatMap(({ bench, figures }) => figures.map((figure) => ({ bench, ...figure })))
    .filter((figure) => figure.limit !== undefined && pattern.test(figure.case))
}
