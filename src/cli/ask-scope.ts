import type { Action } from '../core/action.ts'
import { scopesWhere } from '../core/find-scope.ts'
import type { Scope } from '../core/scope.ts'
import type { App } from './app.ts'
import { escaped } from './escape.ts'

/** Where something is to be: asked where there is a choice. @returns null where there is none, as before there is a store */
export async function askScope(app: App, message: string, action: Action): Promise<Scope | null> {
  if ((await app.openIfThere()) === null) return null
  const scopes = await scopesWhere(await app.context(), action)
  if (scopes.length < 2) return null
  const choices = scopes.map((scope) => ({ value: scope, line: escaped(scope), name: escaped(scope) }))
  return app.system.prompts.choose(message, choices)
}

/** Of a role that is granted or revoked: whoever is asked for the role is asked for its scope too. */
export async function askGrantScope(
  app: App,
  { role, scope }: { readonly role?: string | undefined; readonly scope?: string | undefined },
  action: Action,
): Promise<void> {
  if (role !== undefined || scope !== undefined) return
  const chosen = await askScope(app, 'Where the role is held:', action)
  if (chosen !== null) app.options = { ...app.options, scope: chosen }
}
