import type { NewTokenInput } from './add-token.ts'
import { type Changed, change, type Context } from './change.ts'
import { refusePersonal } from './escalation.ts'
import { deliverSecret, type Issued, type Sink } from './issue-secret.ts'
import type { Token } from './model.ts'
import { checkDescription, personalName } from './name.ts'
import { prepareToken, undoToken } from './prepare-token.ts'
import { CLUSTER } from './scope.ts'
import { aboutStore } from './subject.ts'
import type { Writer } from './store.ts'

/**
 * A personal token: of the operator who asks, for their own use. It acts with their roles as they are at that moment.
 * @returns the token with its secret in force
 * @throws Problem `denied` where the settings do not let them have any, and as `deliverSecret`
 */
export async function createOwnToken(context: Context, input: NewTokenInput, sink: Sink): Promise<Token> {
  if (input.description !== null) checkDescription(input.description)
  const { name, operatorId } = context.actor
  const subject = { ...aboutStore(personalName(name)), operatorId }
  const issued = await change(context, 'own-token create', subject, (store) => prepare(store, context, input))
  return deliverSecret(context, 'own-token create', issued, sink, undoToken(context, issued))
}

async function prepare(store: Writer, context: Context, input: NewTokenInput): Promise<Changed<Issued>> {
  await refusePersonal(context.actor, store)
  const id = await personalClient(store, context)
  return prepareToken(store, context, { id, name: personalName(context.actor.name) }, input)
}

/** The operator's, made with their first token. @returns its number */
async function personalClient(store: Writer, { actor, now }: Context): Promise<number> {
  const { operatorId } = actor
  if (operatorId === null) throw new Error('only people have personal tokens')
  const there = await store.personalClient(operatorId)
  if (there !== null) return there.id
  const name = personalName(actor.name)
  // Nobody else can take that name: no other client's begins so.
  if ((await store.client(name, CLUSTER)) !== null) throw new Error(`client ${name} is not its operator's`)
  return store.addPersonalClient({ name, operatorId, createdAt: now(), createdBy: actor.name })
}
