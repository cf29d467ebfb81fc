import type { App, AppInfo, QuestionName, Questions } from '../../protocol/questions.ts'
import { AnswerError, toAnswerError, type Source } from './source.ts'

/** Answers from apps in the page itself: a saved file needs no server. */
export function createSavedSource(apps: readonly App[]): Source {
  const infos = (): readonly AppInfo[] => apps.map((app) => app.info())
  return {
    ask: async (id, name, params) => {
      const app = apps.find((each) => each.info().id === id)
      if (app === undefined) throw new AnswerError('NOT_FOUND', `There is no app ${id}.`)
      return await answer(app, name, params)
    },
    onApps: (listener) => {
      for (const app of apps) app.onChange(() => listener(infos()))
      listener(infos())
    },
    onConnection: (listener) => listener('saved'),
  }
}

async function answer<Name extends QuestionName>(
  app: App,
  name: Name,
  params: Questions[Name]['params'],
): Promise<Questions[Name]['answer']> {
  // TypeScript does not relate a member to its parameters while the name is open.
  const question = app[name] as (params: unknown) => unknown
  try {
    return (await question(params)) as Questions[Name]['answer']
  } catch (error) {
    throw toAnswerError(error)
  }
}
