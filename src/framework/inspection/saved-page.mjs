// The script of a saved page: the page, and the machines whose runs it can show. It joins two
// programs that are checked apart: one for browsers, one for any JavaScript.
import { startSavedPage } from '../../inspector/page/saved/start-saved-page.tsx'
import { openSavedRun } from './open-saved-run.ts'

await startSavedPage(openSavedRun)
