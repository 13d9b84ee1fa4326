import { changeOperator } from './change-operator.ts'
import type { Context } from './change.ts'
import { refuseEscalation } from './escalation.ts'
import { findRole } from './find.ts'
import { stillScope, workingScope } from './find-scope.ts'
import { stillOperator } from './find-operator.ts'
import { keepingAClusteradmin } from './last-clusteradmin.ts'
import type { Operator, Role } from './model.ts'
import { checkRoleName } from './name.ts'
import { Problem } from './problem.ts'
import type { Scope } from './scope.ts'

export interface GrantChanged {
  readonly operator: Operator
  readonly role: string
  readonly scope: Scope
  /** False: it was so already. */
  readonly changed: boolean
}

/** A role, held at the working scope from now on. @throws Problem `not-found`, `denied` for what the actor does not hold */
export async function grantRole(context: Context, name: string, roleName: string): Promise<GrantChanged> {
  checkRoleName(roleName)
  return changeOperator<GrantChanged>(context, 'grant', name, async (store, operator) => {
    const scope = workingScope(context)
    await stillScope(store, scope)
    const role = await findRole(store, roleName)
    const grant = { role: role.name, scope }
    if (holds(operator, role, scope)) return { result: { operator, ...grant, changed: false }, record: null }

    refuseEscalation(context, role, scope)
    await store.addGrant(operator.id, role.id, scope)
    return {
      result: { operator: await stillOperator(store, operator), ...grant, changed: true },
      record: { details: { role: role.name, at: scope } },
    }
  })
}

/** It takes the permission, and nothing that one would have to hold. @throws Problem `not-found`; `conflict` for the last grant there is, and for that of the last clusteradmin */
export async function revokeRole(context: Context, name: string, roleName: string): Promise<GrantChanged> {
  checkRoleName(roleName)
  return changeOperator<GrantChanged>(context, 'revoke', name, async (store, operator) => {
    const scope = workingScope(context)
    const role = await findRole(store, roleName)
    const grant = { role: role.name, scope }
    if (!holds(operator, role, scope)) return { result: { operator, ...grant, changed: false }, record: null }

    await keepingAClusteradmin(context, store, operator, () => store.removeGrant(operator.id, role.id, scope))
    // Afterwards: the last clusteradmin can neither be disabled nor deleted, as this would propose.
    if (operator.grants.length === 1) throw nothingLeft(operator)
    return {
      result: { operator: await stillOperator(store, operator), ...grant, changed: true },
      record: { details: { role: role.name, at: scope } },
    }
  })
}

const holds = ({ grants }: Operator, { name }: Role, at: Scope): boolean =>
  grants.some(({ role, scope }) => role === name && scope === at)

const nothingLeft = ({ name }: Operator): Problem =>
  new Problem(
    'conflict',
    `${name} would hold nothing any more`,
    `tokenctl operator disable ${name} stops them, tokenctl operator delete ${name} for good`,
  )
