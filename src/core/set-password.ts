import { may } from './authority.ts'
import { changeOwn, type Changed, type Context, recordDenial } from './change.ts'
import { changeFound } from './change-operator.ts'
import { acceptPassword, checkPassword, type PasswordContext, type Proof } from './check-password.ts'
import { refuseEscalationTo } from './escalation.ts'
import { findOperator } from './find-operator.ts'
import type { Operator } from './model.ts'
import { nameKey } from './name.ts'
import { Problem } from './problem.ts'
import { CLUSTER } from './scope.ts'
import type { Writer } from './store.ts'
import { aboutOperator } from './subject.ts'

/** What is asked for once it is known that it is wanted. */
export interface Answers {
  /** The password that they have. */
  readonly current: () => Promise<string>
  /** What is to be kept of the new one. */
  readonly hash: () => Promise<string>
}

type SetPasswordContext = Context & PasswordContext

/** All sessions of that operator end. @param name null: one's own @throws Problem `denied`, `not-found`, `not-logged-in` */
export async function setPassword(
  context: SetPasswordContext,
  name: string | null,
  answers: Answers,
): Promise<Operator> {
  const own = await ownOperator(context)
  const wanted = name ?? own?.name
  if (wanted === undefined) {
    throw new Problem('usage', 'a token has no password of its own', "name an operator's")
  }
  const isOwn = own !== null && nameKey(wanted) === nameKey(own.name)
  if (isOwn && context.actor.token === null && !may(context.actor, 'operator passwd', CLUSTER)) {
    return setOwnPassword(context, own, answers)
  }
  const found = await findOperator(context, 'operator passwd', wanted)
  const hash = await answers.hash()
  return changeFound(context, 'passwd', found, async (store, operator) => {
    // Whoever sets a password can act as its operator.
    await refuseEscalationTo(context, store, operator)
    return withPassword(store, operator, hash)
  })
}

/** As whom the actor acts, also by a personal token; null: as no operator. */
async function ownOperator({ store, actor: { operatorId } }: Context): Promise<Operator | null> {
  const own = operatorId === null ? null : await store.actorById(operatorId)
  return own && store.operator(own.name)
}

/** It takes no permission but the password that is to be changed. */
async function setOwnPassword(
  context: SetPasswordContext,
  own: Operator,
  answers: Answers,
): Promise<Operator> {
  if (!own.hasPassword) {
    await recordDenial(context, 'operator passwd', aboutOperator(own))
    throw new Problem(
      'denied',
      `${own.name} has no password yet`,
      'the first one is set by whoever may run operator passwd',
    )
  }
  const proof = await proofOf(context, own, await answers.current())
  const hash = await answers.hash()
  return changeOwn(context, 'operator passwd', aboutOperator(own), async (store) => {
    await acceptPassword(store, proof)
    return withPassword(store, own, hash)
  })
}

async function proofOf(context: SetPasswordContext, own: Operator, password: string): Promise<Proof> {
  const checked = await checkPassword(context, { name: own.name, password })
  if (checked.matches) return checked.proof
  await recordDenial(context, 'operator passwd', aboutOperator(own))
  throw new Problem('denied', 'the current password is wrong', 'nothing changed')
}

async function withPassword(store: Writer, operator: Operator, hash: string): Promise<Changed<Operator>> {
  await store.setPassword(operator.id, hash)
  await store.endSessions(operator.id)
  return { result: { ...operator, hasPassword: true }, record: {} }
}
