/**
 * What is promised, in the order of the page: each goal with the benchmark and the cases that measure it.
 * The limits are beside the figures, in test/bench.
 */
const goals = [
  { what: 'A hot blob of 14 MB', bench: 'jar-server', case: /^(?!.*TLS).*14 MB/ },
  { what: 'A blob of 1 kB', bench: 'jar-server', case: /^(?!.*TLS)1 kB/ },
  { what: 'Ranges of 64 KiB', bench: 'jar-server', case: /^(?!.*TLS)64 KiB/ },
  { what: 'The same over TLS', bench: 'jar-server', case: /TLS/ },
  { what: 'Live, with a journal on disk', bench: 'journal', case: /live, group commit/ },
  { what: 'Live, nothing kept', bench: 'journal', case: /live, nothing kept/ },
  { what: 'Replay from disk', bench: 'journal', case: /replay/ },
  { what: 'A status update', bench: 'scheduler', case: /status update/ },
  { what: 'Offers of 10,000 agents, to ACCEPT', bench: 'offers', case: /ACCEPT/ },
  { what: 'Tasks of nothing', bench: 'tasks', case: /nothing, warm/ },
  { what: 'Tasks in JavaScript beside warm JVMs', bench: 'tasks', case: /JavaScript/ },
  { what: "Reading and writing Mesos' messages", bench: 'wire', case: /./ },
  { what: '32 executors start on one host', bench: 'distribution-executor', case: /^32 executors/ },
  { what: 'Libraries to 24 hosts over slow links', bench: 'distribution-links', case: /^24 hosts/ },
  { what: 'The delta of an uber jar', bench: 'distribution-delta', case: /uber jar/ },
  { what: "A task's memory in the scheduler", bench: 'scheduler', case: /heap per task/ },
  { what: 'Memory of an idle executor', bench: 'distribution-executor', case: /executor idle/ },
  { what: 'The start of the command line', bench: 'start', case: /./ },
  { what: 'Following the output of a task', bench: 'logs', case: /./ },
  { what: 'The list of chunks of 2 GB', bench: 'large-library', case: /./ },
  { what: 'A function with its imports', bench: 'trace', case: /./ },
  { what: 'A runtime on agents with nothing', bench: 'runtime', case: /./ },
]

/** Each goal with its figures that have limits, of the groups of results. */
export function measuredGoals(groups) {
  return goals.map(({ what, bench, case: pattern }) => ({
    what,
    figures: figuresOf(groups.filter((group) => group.bench === bench)).filter((figure) =>
      pattern.test(figure.case),
    ),
  }))
}

/** The figures with limits, each with its benchmark. */
export function figuresOf(groups) {
  return groups.flatMap(({ bench, figures }) =>
    figures.filter(({ limit }) => limit !== undefined).map((figure) => ({ bench, ...figure })),
  )
}

/** Groups in the order in which goals name their benchmarks; the others follow by name. */
export function inOrder(groups) {
  const placeOf = ({ bench }) => {
    const place = goals.findIndex((goal) => goal.bench === bench)
    return place < 0 ? goals.length : place
  }
  return groups.toSorted((one, other) => placeOf(one) - placeOf(other))
}
