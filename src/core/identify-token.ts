import { onToken, seesClient } from './authority.ts'
import { askPermission, type Context } from './change.ts'
import { aboutToken } from './subject.ts'
import type { Token } from './model.ts'
import { Problem } from './problem.ts'
import { type Standing, standingOf } from './secret-standing.ts'
import { judge, type Judgement } from './verdict.ts'
import { digestOf, parseToken, tokenIdIn, tokensIn } from './token-format.ts'
import { named } from './called.ts'

export interface Identified {
  readonly token: Token
  /** What the presented secret of it is. */
  readonly secret: Standing
  /** What `token verify` would say. */
  readonly verdict: Judgement
}

/**
 * Whose a found token is. It only looks: nothing is activated, and it is no use.
 * @param text the token, whatever stands around it
 * @throws Problem `not-found`, which names the token whose ID a mangled one bears; `usage` for several
 */
export async function identifyToken(context: Context, text: string): Promise<Identified> {
  const { tokenPrefix } = await context.store.identity()
  const [whole, ...others] = tokensIn(text, tokenPrefix)
  if (others.length > 0) throw new Problem('usage', 'several tokens were given', 'give them one by one')

  const credential = whole === undefined ? null : await context.store.credential(digestOf(whole))
  const token = await tokenOf(
    context,
    credential?.tokenId ?? parseToken(whole ?? '')?.id ?? tokenIdIn(text, tokenPrefix),
  )
  await askPermission(context, onToken(context.actor, 'identify', token.client), aboutToken(token))
  if (credential === null) throw noneOf(token, whole !== undefined)
  const now = context.now()
  return { token, secret: standingOf(credential.secret, token, now), verdict: judge(credential, now) }
}

async function tokenOf({ store, actor }: Context, id: string | null): Promise<Token> {
  const token = id === null ? null : await store.token(id)
  if (token !== null && seesClient(actor, token.client)) return token
  throw new Problem('not-found', 'no token of this store')
}

const noneOf = ({ id, client }: Token, isWhole: boolean): Problem =>
  new Problem(
    'not-found',
    `this bears the ID of token ${id} of client ${named(client)}, and is none of its secrets`,
    isWhole
      ? 'its checksum is right: it was made up, or given out by a copy of this store'
      : 'something of it is missing or wrong: look for the whole of it',
  )
