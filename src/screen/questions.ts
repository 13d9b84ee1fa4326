import type { App } from '../cli/app.ts'
import { text } from '../cli/ask.ts'
import { askScope } from '../cli/ask-scope.ts'
import { lengthOf, parseDuration, parseExpires } from '../core/lifetime.ts'
import { scopesWhere } from '../core/find-scope.ts'
import { checkDescription } from '../core/name.ts'
import { type Policy, policyBy, policyOf } from '../core/policy.ts'
import type { Question } from './back.ts'
import type { Line } from './deed.ts'

/** What may be said of a new token; Enter alone says nothing. */
export const newTokenQuestions = (app: App): Question[] => [
  async () =>
    optional(app, expiresQuestion(await policyAt(app)), (answer) => parseExpires(answer, app.now())),
  () => optional(app, 'Description (Enter for none):', checkDescription),
]

function expiresQuestion({ neverExpire, defaultLifetime }: Policy): string {
  const never = neverExpire ? ', never' : ''
  const usual = defaultLifetime === null ? 'never' : lengthOf(defaultLifetime)
  return `Expires (90d, a date${never}; Enter for ${usual}):`
}

/** Before there is a store, as every store begins. */
async function policyAt(app: App): Promise<Policy> {
  const store = await app.openIfThere()
  return store === null ? policyBy(new Map()) : policyOf(store)
}

/** Where a new client is to be, where there is a choice. */
export async function scopeQuestions(app: App): Promise<Question[]> {
  if ((await app.openIfThere()) === null) return []
  const scopes = await scopesWhere(await app.context(), 'client create')
  const ask = async (): Promise<string> =>
    (await askScope(app, 'Where the client belongs:', 'client create')) ?? ''
  return scopes.length < 2 ? [] : [ask]
}

export const newTokenOptions = ([expires = '', description = '']: readonly string[]): Line => [
  ...given('--expires', expires),
  ...given('--description', description),
]

export const DEFAULT_OVERLAP = '24h'

/** How long the current secret goes on beside a new one. */
export async function overlapOptions(app: App): Promise<Line> {
  const usual = usualOverlap(await policyAt(app))
  const question = `How long the current secret goes on (7d, 7d until used; Enter for ${usual}):`
  const answer = await optional(app, question, (answer) => {
    const { duration } = overlapOf(answer)
    return duration === '' || parseDuration('--overlap', duration)
  })
  const { duration, untilUsed } = overlapOf(answer)
  return ['--overlap', duration === '' ? usual : duration, ...(untilUsed ? ['--until-used'] : [])]
}

/** `7d until used`, of which each part may be missing. */
function overlapOf(answer: string): { readonly duration: string; readonly untilUsed: boolean } {
  const duration = answer.replace(/ ?until used$/, '')
  return { duration, untilUsed: duration !== answer }
}

/** As long as the settings allow. */
const usualOverlap = ({ maxOverlap, values }: Policy): string =>
  maxOverlap !== null && maxOverlap < parseDuration('--overlap', DEFAULT_OVERLAP)
    ? values['max-overlap']
    : DEFAULT_OVERLAP

export const descriptionOption = async (app: App): Promise<Line> =>
  given('--description', await text(app, 'Description:', checkDescription))

const optional = (app: App, question: string, check: (answer: string) => unknown): Promise<string> =>
  text(app, question, (answer) => answer === '' || check(answer))

/** One word where the value could be taken for an option. */
function given(option: string, value: string): Line {
  if (value === '') return []
  return value.startsWith('-') ? [`${option}=${value}`] : [option, value]
}
