/** `jarcast/inspector`: a page that shows the actors of any program with XState machines. */
export { createInspector } from '../inspector/program/create-inspector.ts'
export type * from '../inspector/program/create-inspector.ts'
