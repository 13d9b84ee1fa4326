import type { Action } from './action.ts'
import { askPermission, change, type Changed, type Context } from './change.ts'
import { findOperator, stillOperator } from './find-operator.ts'
import type { Operator } from './model.ts'
import { checkName } from './name.ts'
import type { Writer } from './store.ts'
import { aboutOperator, aboutStore } from './subject.ts'

/** `change` for an operator who is there. The permission is asked for first: whether there is such a one is not for everybody. */
export async function changeOperator<T>(
  context: Context,
  verb: 'grant' | 'revoke' | 'passwd' | 'disable' | 'enable' | 'delete',
  name: string,
  work: (store: Writer, operator: Operator) => Promise<Changed<T>>,
): Promise<T> {
  const action: Action = `operator ${verb}`
  checkName('operator', name)
  await askPermission(context, action, aboutStore(name))
  const found = await findOperator(context, name)
  return change(context, action, aboutOperator(found), async (store) =>
    work(store, await stillOperator(store, found)),
  )
}
