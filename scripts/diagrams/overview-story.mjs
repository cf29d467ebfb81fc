/** The content of the overview: four words, the component of each, and what can go wrong there. */

export const story = {
  title: 'The scheduler process: registered, jar server started, offers, launch',
  life: {
    machine: 'scheduler',
    states: ['active.running', 'active.draining', 'stopping', 'stopped', 'failed'],
    text: 'forwards each entry to its components, which run side by side',
  },
  steps: [
    {
      word: 'registered',
      machine: 'connection',
      state: 'subscribed',
      fault: {
        title: 'connection lost',
        machine: 'connection',
        event: 'connection.lost',
        goal: 'disconnected',
        remedy: 'Subscribes again, with back-off.',
      },
    },
    {
      word: 'jar server started',
      machine: 'delivery',
      states: ['noLibraries', 'waiting', 'starting', 'serving', 'draining', 'closed'],
      state: 'serving',
      fault: {
        title: 'jar server failed',
        machine: 'delivery',
        event: 'jarServer.failed',
        goal: 'failed',
        remedy: 'The framework stops, with the reason.',
      },
    },
    {
      word: 'offers',
      machine: 'offers',
      states: [
        'away',
        'subscribed.open.asking',
        'subscribed.open.holding',
        'subscribed.open.idle',
        'subscribed.open.suppressed',
        'closed',
      ],
      state: 'subscribed.open.asking',
      fault: {
        title: 'offers rescinded',
        machine: 'offers',
        event: 'mesos.rescind',
        remedy: 'Drops the offer. Tasks wait for others.',
      },
    },
    {
      word: 'launch',
      machine: 'tasks',
      rows: 'task',
      states: ['pending', 'launched.launching', 'launched.running', 'finished', 'lost'],
      state: 'launched.launching',
      fault: {
        title: 'task lost',
        machine: 'task',
        event: 'task.retried',
        goal: 'pending',
        remedy: 'Launched again, up to five times.',
      },
    },
  ],
  others: [
    {
      machine: 'library-sets',
      text: 'Which libraries a task needs, and which hosts have them.',
    },
    {
      machine: 'operations',
      text: 'Reservations and volumes: each waits for an offer of its agent.',
    },
    {
      machine: 'maintenance',
      text: 'Answers inverse offers, and moves tasks off agents.',
    },
  ],
}
