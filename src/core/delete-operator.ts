import { changeOperator } from './change-operator.ts'
import type { Context } from './change.ts'
import { type Consent, requireConsent, type Risk } from './consent.ts'
import { counted } from './counted.ts'
import { keepingAClusteradmin } from './last-clusteradmin.ts'
import type { Operator } from './model.ts'

export interface DeletedOperator {
  readonly operator: Operator
  /** The IDs of the personal tokens that went with them. */
  readonly tokens: readonly string[]
}

/** With the personal client and its tokens, for good. @throws Problem `not-found`; `conflict` for the last clusteradmin; ConsentNeeded */
export async function deleteOperator(
  context: Context,
  name: string,
  consent: Consent,
): Promise<DeletedOperator> {
  return changeOperator(context, 'delete', name, async (store, operator) => {
    const client = await store.personalClient(operator.id)
    const tokens = client === null ? [] : (await store.tokensOf(client.id)).map(({ id }) => id)
    await keepingAClusteradmin(context, store, operator, () =>
      store.deleteOperator(operator.id, context.now()),
    )
    // Afterwards: nobody is to agree to what is then refused.
    requireConsent(consent, [losing(operator, tokens)])
    await store.endSessions(operator.id)
    return { result: { operator, tokens }, record: { targets: [operator.name, ...tokens] } }
  })
}

function losing({ id, name }: Operator, tokens: readonly string[]): Risk {
  const { length } = tokens
  const theirs = length === 0 ? '' : ` and ${counted(length, 'personal token')}`
  return {
    kind: 'irreversible',
    subject: `operator ${id} with ${tokens.join(' ')}`,
    says: `deleting operator ${name}${theirs} cannot be undone`,
  }
}
