import type { Action } from './action.ts'
import { change, type Context } from './change.ts'
import { refusePrefix } from './find.ts'
import { groupNamed, stillScope } from './find-scope.ts'
import type { NamedScope } from './model.ts'
import { listOf, nounOf } from './not-found.ts'
import { Problem } from './problem.ts'
import { checkOrgName, CLUSTER, isGroup, type Scope } from './scope.ts'
import { aboutScope } from './subject.ts'

// The permission is asked where the new one is to be: an admin of acme makes groups in it, no organization beside it.

/** @throws Problem `conflict` if the name is taken */
export async function createOrg(context: Context, given: string): Promise<NamedScope> {
  const name = checkOrgName(given)
  await refusePrefix(context.store, name)
  return create(context, 'org create', CLUSTER, name)
}

/** @param given `acme/etl`, or `etl`. @throws Problem `conflict` if the name is taken, and as `groupNamed` */
export async function createGroup(context: Context, given: string): Promise<NamedScope> {
  const { org, group } = await groupNamed(context, given)
  await refusePrefix(context.store, group)
  return create(context, 'group create', org, `${org}/${group}`)
}

async function create(context: Context, action: Action, parent: Scope, name: Scope): Promise<NamedScope> {
  return change(context, action, aboutScope(parent, name), async (store) => {
    await stillScope(store, parent)
    const scope = { name, createdAt: context.now(), createdBy: context.actor.name }
    if (!(await store.addScope(scope))) throw taken((await store.scope(name)) ?? name)
    return { result: scope, record: {} }
  })
}

const taken = (name: Scope): Problem =>
  new Problem(
    'conflict',
    `there is ${isGroup(name) ? 'a' : 'an'} ${nounOf(name)} ${name} already`,
    `tokenctl ${listOf(name)} shows them all`,
  )
