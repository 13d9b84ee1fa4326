import type { Context } from '../core/change.ts'
import { isProblem, Problem } from '../core/problem.ts'
import type { App } from './app.ts'
import { EXIT_CODES } from './exit-codes.ts'
import type { Result } from './output.ts'
import { Progress } from './progress.ts'
import { report } from './report.ts'

/** What a command does with one name. */
type Deed = (context: Context, name: string) => Promise<Result>

/**
 * Runs a command once for each name, in order. Each result is printed at once; under `--json` they come as one array at
 * the end. A failure is reported and the rest still run; the exit code is the first failure's.
 * @param ask for the one name, where none was given
 */
export async function each(
  app: App,
  given: readonly string[],
  ask: (app: App) => Promise<string>,
  deed: Deed,
): Promise<Result> {
  const names = given.length > 0 ? given : [await ask(app)]
  // What is wrong with the store, or with who is asking, is reported once, not for every name.
  const context = await app.context()
  const [only = '', ...others] = names
  return others.length === 0 ? deed(context, only) : inOrder(app, names, deed)
}

async function inOrder(app: App, names: readonly string[], deed: Deed): Promise<Result> {
  const { system } = app
  const progress = new Progress(system, 'names', 1)
  app.system = progress.yielding()
  try {
    return await oneByOne(app, names, deed, progress)
  } finally {
    app.system = system
  }
}

async function oneByOne(app: App, names: readonly string[], deed: Deed, progress: Progress): Promise<Result> {
  const done: unknown[] = []
  let exitCode = 0
  for (const name of names) {
    try {
      if (await app.system.isInterrupted()) throw new Problem('interrupted', '')
      // Asked anew: an operator may have been disabled while the question before waited for its answer.
      const result = await deed(await app.context(), name)
      done.push(result.data)
      await app.print(app.options.json ? { notes: result.notes ?? [] } : result)
    } catch (error) {
      const code = await report(ofOne(error, name), app.system, app.options)
      // That it was interrupted is true of all that did not come to its turn.
      exitCode = code === EXIT_CODES.interrupted ? code : exitCode || code
      if (endsAll(error)) return answerOf(app, done, exitCode)
    }
    if (progress.add()) await progress.show()
  }
  await progress.end()
  return answerOf(app, done, exitCode)
}

const answerOf = (app: App, done: readonly unknown[], exitCode: number): Result =>
  app.options.json ? { data: done, exitCode } : { exitCode }

/** What holds for all that would still come. */
const endsAll = (error: unknown): boolean =>
  isProblem(error) && (error.kind === 'interrupted' || error.kind === 'not-logged-in')

/** "Nothing changed" would be false: the names before may have. */
function ofOne(error: unknown, name: string): unknown {
  if (!isProblem(error)) return error
  if (error.kind === 'declined') return new Problem('declined', `declined; ${name} stays as it is`)
  if (error.kind !== 'interrupted') return error
  return new Problem('interrupted', `interrupted; ${name} and the names after it stay as they are`)
}
