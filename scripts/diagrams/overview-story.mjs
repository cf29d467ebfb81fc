/**
 * What the overview tells: four words, the component that says each, and what can go wrong there.
 */

export const story = {
  title: 'The scheduler process: registered, jar server started, offers, launch',
  life: {
    machine: 'scheduler',
    states: ['registering', 'serving', 'draining', 'stopping', 'stopped', 'failed'],
    text: 'forwards each entry to its components, which run side by side',
  },
  steps: [
    {
      word: 'registered',
      machine: 'subscription',
      state: 'subscribed',
      fault: {
        title: 'connection lost',
        machine: 'subscription',
        event: 'connection.lost',
        goal: 'disconnected',
        remedy: 'Subscribes again, with back-off.',
      },
    },
    {
      word: 'jar server started',
      machine: 'jar-server',
      state: 'serving',
      fault: {
        title: 'jar server failed',
        machine: 'jar-server',
        event: 'jarServer.failed',
        goal: 'failed',
        remedy: 'The framework stops, with the reason.',
      },
    },
    {
      word: 'offers',
      machine: 'offer-flow',
      states: ['offers.away', 'offers.settled', 'offers.waitingForToken', 'offers.retrying'],
      state: 'offers.settled',
      fault: {
        title: 'offers rescinded',
        machine: 'scheduler',
        event: 'mesos.rescind',
        remedy: 'Drops them; tasks wait for others.',
      },
    },
    {
      word: 'launch',
      machine: 'task',
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
      machine: 'operation',
      text: 'Reservations and volumes: an offer of the agent, an id, a result.',
    },
    { machine: 'kills', text: 'Resends KILL with back-off until a terminal update.' },
    { machine: 'reconciliation', text: 'Asks the master about tasks that it did not tell of.' },
  ],
}
