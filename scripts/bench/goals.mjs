/**
 * What is promised, in the order of the page: each goal with the benchmark, the cases and the peers that measure it.
 * The limits are beside the figures, in test/bench.
 */
export const goals = [
  { what: 'A hot blob of 14 MB', find: { bench: 'jar-server', case: /14 MB/, peer: /nginx/ } },
  { what: 'A blob of 1 kB', find: { bench: 'jar-server', case: /1 k/i, peer: /nginx|jetty/i } },
  { what: 'Ranges of 64 KiB', find: { bench: 'jar-server', case: /range/i, peer: /nginx/ } },
  { what: 'The same over TLS', find: { bench: 'jar-server', case: /TLS/, peer: /nginx/ } },
  { what: 'Live, with a journal on disk', find: { bench: 'journal', case: /live.*commit/ } },
  { what: 'Live, nothing kept', find: { bench: 'journal', case: /live.*nothing kept/ } },
  { what: 'Replay from disk', find: { bench: 'journal', case: /replay/, peer: /send/ } },
  { what: 'A status update', find: { bench: 'scheduler', case: /status update/ } },
  {
    what: 'Offers of 10,000 agents, decoded to ACCEPT',
    find: {
      bench: /scheduler|offers|cluster/,
      case: /10.?000.*ACCEPT|ACCEPT.*10.?000|OFFERS in to ACCEPT out/,
    },
  },
  { what: 'Tasks of nothing, own executor', find: { bench: /tasks|cluster/, case: /tasks|task$/ } },
  { what: 'Reading OFFERS and UPDATE, writing ACCEPT', find: { bench: 'wire', case: /./ } },
  {
    what: '32 executors start on one host',
    find: { bench: /distribution|executors/, case: /32 executors/ },
  },
  {
    what: 'Libraries to 24 hosts over slow links',
    find: { bench: /distribution/, case: /24 hosts/ },
  },
  {
    what: 'The delta of an uber jar',
    find: { bench: /distribution/, case: /delta|uber|changed/i },
  },
  {
    what: 'Memory per task, and of an idle executor',
    find: { bench: /.*/, case: /memory per task|heap per task|executor idle|idle executor/i },
  },
]

/** The figures of a goal that have limits. */
export function figuresOf({ find }, groups) {
  const matches = (pattern, text) =>
    typeof pattern === 'string' ? pattern === text : pattern.test(text)
  return groups
    .filter(({ bench }) => matches(find.bench, bench))
    .flatMap(({ bench, figures }) => figures.map((figure) => ({ bench, ...figure })))
    .filter((figure) => figure.limit !== undefined && matches(find.case, figure.case))
    .filter(({ peer = '' }) => find.peer === undefined || find.peer.test(peer))
}
