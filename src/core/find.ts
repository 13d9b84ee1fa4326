import { seesClient } from './authority.ts'
import type { Context } from './change.ts'
import { called, named } from './called.ts'
import { workingScope } from './find-scope.ts'
import type { Client, Role, Token } from './model.ts'
import type { Reads } from './store.ts'
import { checkClientName, checkRoleName, isPersonal } from './name.ts'
import { noClientAt, noRole, noToken } from './not-found.ts'
import { Absent, Problem, quoted } from './problem.ts'
import { CLUSTER } from './scope.ts'
import { isTokenId } from './token-format.ts'

/** @throws Problem `usage` for what cannot be a name, `not-found` */
export async function findClient(context: Context, name: string): Promise<Client> {
  checkClientName(name)
  const scope = isPersonal(name) ? CLUSTER : workingScope(context)
  const client = await context.store.client(name, scope)
  if (client !== null && seesClient(context.actor, client)) return client
  throw await noClientAt(context, name, scope)
}

/** The client as it is inside the transaction. @throws Problem `not-found` if it was deleted since it was found, `conflict` if it was replaced */
export async function stillClient(store: Reads, { id, name, scope }: Client): Promise<Client> {
  const client = await store.client(name, scope)
  if (client?.id === id) return client
  if (client === null) {
    throw new Absent(
      `client ${named({ name, scope })} was deleted meanwhile`,
      'tokenctl client list shows them all',
    )
  }
  throw new Problem(
    'conflict',
    `client ${named({ name, scope })} was replaced by another meanwhile`,
    `tokenctl client show ${called({ name, scope })} shows it`,
  )
}

/** @throws Problem `usage` for what cannot be a name, `not-found` */
export async function findRole(store: Reads, name: string): Promise<Role> {
  checkRoleName(name)
  const role = await store.role(name)
  if (role === null) throw await noRole(store, name)
  return role
}

/** A role that is the store's own. @throws Problem as `findRole`, and `conflict` for a built-in one */
export async function findOwnRole(store: Reads, name: string): Promise<Role> {
  const role = await findRole(store, name)
  if (!role.builtIn) return role
  throw new Problem(
    'conflict',
    `role ${role.name} is built in and stays as it is`,
    'tokenctl role create makes one of your own',
  )
}

/**
 * A token by its ID, or by the name of a client that has just one. A deleted one too, by its ID.
 * @throws Problem `usage` if the client has several, `not-found`
 */
export async function findToken(context: Context, reference: string): Promise<Token> {
  const { tokenPrefix } = await context.store.identity()
  if (!reference.startsWith(`${tokenPrefix}_`)) {
    return onlyTokenOf(context, await findClient(context, reference))
  }
  const token = isTokenId(reference) ? await context.store.token(reference) : null
  if (token !== null && seesClient(context.actor, token.client)) return token
  throw await noToken(context, reference, tokenPrefix)
}

/** @throws Problem as `findToken`, and `not-found` if it was deleted */
export async function findLivingToken(context: Context, reference: string): Promise<Token> {
  return living(await findToken(context, reference))
}

/** @throws Problem `not-found` for a token that is gone */
export function living(token: Token | null): Token {
  if (token === null) throw new Absent('the token is gone', 'tokenctl token list shows them all')
  if (token.deletedAt === null) return token
  throw new Absent(
    `token ${token.id} was deleted ${new Date(token.deletedAt).toISOString()}`,
    'tokenctl token list shows the others',
  )
}

async function onlyTokenOf({ store }: Context, client: Client): Promise<Token> {
  const [token, ...others] = await store.tokensOf(client.id)
  if (token === undefined) {
    throw new Absent(
      `client ${named(client)} has no token`,
      `tokenctl token create ${called(client)} gives it one`,
    )
  }
  if (others.length === 0) return token
  const candidates = [token, ...others].map(described).join(', ')
  throw new Problem('usage', `client ${named(client)} has several tokens`, `name one of ${candidates}`)
}

const described = ({ id, description }: Token): string =>
  description === null ? id : `${id} (${description})`

/** A name that began as a token's ID does could not be told from one. @throws Problem `usage` */
export async function refusePrefix(store: Reads, name: string): Promise<void> {
  const { tokenPrefix } = await store.identity()
  if (!name.toLowerCase().startsWith(`${tokenPrefix}_`)) return
  throw new Problem(
    'usage',
    `not a name: ${quoted(name)}`,
    `a name does not begin as a token does, with ${tokenPrefix}_`,
  )
}
