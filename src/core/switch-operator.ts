import { changeOperator } from './change-operator.ts'
import type { Context } from './change.ts'
import { refuseEscalationTo } from './escalation.ts'
import { keepingAClusteradmin } from './last-clusteradmin.ts'
import type { Operator } from './model.ts'

export interface SwitchedOperator {
  readonly operator: Operator
  /** False: it was so already. */
  readonly changed: boolean
}

/** They cannot get in until they are enabled again, and no personal token of theirs is valid. @throws Problem `not-found`; `conflict` for the last clusteradmin */
export async function disableOperator(context: Context, name: string): Promise<SwitchedOperator> {
  return changeOperator<SwitchedOperator>(context, 'disable', name, async (store, operator) => {
    if (operator.disabledAt !== null) return { result: { operator, changed: false }, record: null }
    const disabledAt = context.now()
    await keepingAClusteradmin(context, store, operator, () =>
      store.setOperatorDisabled(operator.id, disabledAt),
    )
    await store.endSessions(operator.id)
    return { result: { operator: { ...operator, disabledAt }, changed: true }, record: {} }
  })
}

/** What they held is given to them again, and so must be held by who does it. @throws Problem `not-found`, `denied` */
export async function enableOperator(context: Context, name: string): Promise<SwitchedOperator> {
  return changeOperator<SwitchedOperator>(context, 'enable', name, async (store, operator) => {
    if (operator.disabledAt === null) return { result: { operator, changed: false }, record: null }
    await refuseEscalationTo(context, store, operator)
    await store.setOperatorDisabled(operator.id, null)
    return { result: { operator: { ...operator, disabledAt: null }, changed: true }, record: {} }
  })
}
