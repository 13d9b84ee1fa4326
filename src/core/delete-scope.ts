import type { Action } from './action.ts'
import { may } from './authority.ts'
import { change, type Context } from './change.ts'
import { findScope, groupNamed, stillThere } from './find-scope.ts'
import type { Actor } from './model.ts'
import { nounOf } from './not-found.ts'
import { Problem } from './problem.ts'
import { checkOrgName, CLUSTER, type Scope } from './scope.ts'
import type { LyingIn } from './store.ts'
import { aboutScope } from './subject.ts'

// An empty one only, so there is nothing to ask; and by whoever has the permission where it lies, not merely in it.

/** @throws Problem `not-found`, `conflict` for one in which something lies */
export async function deleteOrg(context: Context, given: string): Promise<Scope> {
  const org = await findScope(context, checkOrgName(given))
  return remove(context, 'org delete', CLUSTER, org)
}

/** @param given `acme/etl`, or `etl`. @throws Problem as `deleteOrg`, and as `groupNamed` */
export async function deleteGroup(context: Context, given: string): Promise<Scope> {
  const { org, group } = await groupNamed(context, given)
  return remove(context, 'group delete', org, await findScope(context, `${org}/${group}`))
}

async function remove(context: Context, action: Action, parent: Scope, scope: Scope): Promise<Scope> {
  return change(context, action, aboutScope(parent, scope), async (store) => {
    await stillThere(store, scope)
    refuseFull(context.actor, scope, await store.lyingIn(scope))
    await store.deleteScope(scope, context.now())
    return { result: scope, record: {} }
  })
}

function refuseFull(actor: Actor, scope: Scope, { groups, clients, operators }: LyingIn): void {
  const there = [
    {
      names: groups,
      says: some('group', groups, may(actor, 'group list', scope)),
      list: `group list --scope ${scope}`,
    },
    {
      names: clients,
      says: some('client', clients, may(actor, 'client list', scope)),
      list: `client list --scope ${scope}`,
    },
    {
      names: operators,
      says: `roles of ${some('operator', operators, may(actor, 'operator list', CLUSTER))}`,
      list: 'operator list',
    },
  ].filter(({ names }) => names.length > 0)
  if (there.length === 0) return
  throw new Problem(
    'conflict',
    `${nounOf(scope)} ${scope} is not empty: ${there.map(({ says }) => says).join('; ')}`,
    `${there.map(({ list }) => `tokenctl ${list}`).join(', ')} ${there.length > 1 ? 'show' : 'shows'} what is there`,
  )
}

/** So many are named. */
const FEW = 2

/** Some of them: by their names only to who may list them. */
function some(noun: string, names: readonly string[], mayList: boolean): string {
  if (!mayList) return `${noun}s`
  const nouns = names.length === 1 ? noun : `${noun}s`
  return `${nouns} ${names.slice(0, FEW).join(', ')}${names.length > FEW ? ' and more' : ''}`
}
