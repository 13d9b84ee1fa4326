import type { Context } from '../core/change.ts'
import { isProblem, Problem } from '../core/problem.ts'
import type { App } from './app.ts'
import type { Result } from './output.ts'
import { report } from './report.ts'

/** What a command does with one name. */
type Deed = (context: Context, name: string) => Promise<Result>

/**
 * Does with each name what a command does with one. Of several, each is said as soon as it is done, but for JSON, which
 * is one array in the end; one that fails keeps no other from its turn, and the first such gives the exit code.
 * @param ask for the one name, where none was given
 */
export async function each(
  app: App,
  given: readonly string[],
  ask: (app: App, given: undefined) => Promise<string>,
  deed: Deed,
): Promise<Result> {
  const [name, ...others] = given.length > 0 ? given : [await ask(app, undefined)]
  // What is wrong with the store, or with who is asking, is said once and not of every name.
  const context = await app.context()
  return others.length === 0 ? deed(context, name ?? '') : inOrder(app, given, deed)
}

async function inOrder(app: App, names: readonly string[], deed: Deed): Promise<Result> {
  const { json } = app.options
  const done: unknown[] = []
  let exitCode = 0
  for (const name of names) {
    const print = app.action(async () => {
      // Who is asking is asked anew: somebody may have thought for long about the question before.
      const result = await deed(await app.context(), name)
      done.push(result.data)
      return json ? { notes: result.notes ?? [] } : result
    })
    try {
      await print()
    } catch (error) {
      const code = await report(ofOne(error, name), app.system, app.options)
      exitCode ||= code
      if (endsAll(error)) break
    }
  }
  return json ? { data: done, text: () => '', exitCode } : { exitCode }
}

/** What holds for all that would still come. */
const endsAll = (error: unknown): boolean =>
  isProblem(error) && (error.kind === 'interrupted' || error.kind === 'not-logged-in')

/** That nothing changed would be said of the other names too. */
function ofOne(error: unknown, name: string): unknown {
  if (!isProblem(error)) return error
  if (error.kind === 'declined') return new Problem('declined', `declined; ${name} stays as it is`)
  if (error.kind !== 'interrupted') return error
  return new Problem('interrupted', `interrupted; ${name} stays as it is, and what would have come after it`)
}
