import type { Action } from './action.ts'
import { may } from './authority.ts'
import { change, type Context } from './change.ts'
import { findScope, groupNamed, stillScope } from './find-scope.ts'
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
    await stillScope(store, scope)
    refuseFull(context.actor, scope, await store.lyingIn(scope))
    await store.deleteScope(scope, context.now())
    return { result: scope, record: {} }
  })
}

/** What is in the way is named, and found by a list, to who may list it. */
interface InTheWay {
  readonly noun: string
  readonly names: readonly string[]
  readonly mayList: boolean
  readonly list: string
}

function refuseFull(actor: Actor, scope: Scope, { groups, clients, operators }: LyingIn): void {
  const all: readonly InTheWay[] = [
    {
      noun: 'group',
      names: groups,
      mayList: may(actor, 'group list', scope),
      list: `tokenctl group list --scope ${scope}`,
    },
    {
      noun: 'client',
      names: clients,
      mayList: may(actor, 'client list', scope),
      list: `tokenctl client list --scope ${scope}`,
    },
    {
      noun: 'operator',
      names: operators,
      mayList: may(actor, 'operator list', CLUSTER),
      list: 'tokenctl operator list',
    },
  ]
  const there = all.filter(({ names }) => names.length > 0)
  if (there.length === 0) return
  const lists = there.filter(({ mayList }) => mayList).map(({ list }) => list)
  throw new Problem(
    'conflict',
    `${nounOf(scope)} ${scope} is in use by ${there.map(said).join('; ')}`,
    lists.length > 0 ? `${lists.join(', ')} ${lists.length > 1 ? 'show' : 'shows'} them` : undefined,
  )
}

/** So many of each are named. */
export const NAMED = 2

function said({ noun, names, mayList }: InTheWay): string {
  if (!mayList) return `${noun}s`
  const more = names.length > NAMED ? ' and more' : ''
  return `${noun}${names.length > 1 ? 's' : ''} ${names.slice(0, NAMED).join(', ')}${more}`
}
