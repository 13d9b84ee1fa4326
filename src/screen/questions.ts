import type { App } from '../cli/app.ts'
import { text } from '../cli/ask.ts'
import { parseDuration, parseExpires } from '../core/lifetime.ts'
import { checkDescription } from '../core/name.ts'
import type { Question } from './back.ts'
import type { Line } from './deed.ts'

/** What may be said of a new token; Enter alone says nothing. */
export const newTokenQuestions = (app: App): Question[] => [
  () =>
    optional(app, 'Expires (90d, a date, never; Enter for 365 days):', (answer) =>
      parseExpires(answer, app.now()),
    ),
  () => optional(app, 'Description (Enter for none):', checkDescription),
]

export const newTokenOptions = ([expires = '', description = '']: readonly string[]): Line => [
  ...given('--expires', expires),
  ...given('--description', description),
]

export const DEFAULT_OVERLAP = '24h'

/** How long the current secret goes on beside a new one. */
export async function overlap(app: App): Promise<string> {
  const question = `How long the current secret goes on working (Enter for ${DEFAULT_OVERLAP}):`
  const answer = await optional(app, question, (answer) => parseDuration('--overlap', answer))
  return answer === '' ? DEFAULT_OVERLAP : answer
}

export const descriptionOption = async (app: App): Promise<Line> =>
  given('--description', await text(app, 'Description:', checkDescription))

const optional = (app: App, question: string, check: (answer: string) => unknown): Promise<string> =>
  text(app, question, (answer) => answer === '' || check(answer))

/** One word where the value could be taken for an option. */
function given(option: string, value: string): Line {
  if (value === '') return []
  return value.startsWith('-') ? [`${option}=${value}`] : [option, value]
}
