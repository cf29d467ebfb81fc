export { createManualClock } from '../../src/testing/manual-clock.ts'
