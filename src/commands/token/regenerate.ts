import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingToken } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { offNote } from '../../cli/off-note.ts'
import type { Result } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { deliveryBy, type SecretOptions } from '../../cli/secret-delivery.ts'
import { copy, noCopy, replace, secretFile } from '../../cli/secret-options.ts'
import { ending, relative } from '../../cli/time.ts'
import { ISSUED_FIELDS, issuedAnswer } from '../../cli/token-view.ts'
import type { Millis, Token } from '../../core/model.ts'
import { parseDuration, parseExpires } from '../../core/lifetime.ts'
import type { Overlap } from '../../core/issue-secret.ts'
import { Problem } from '../../core/problem.ts'
import { type Regenerated, regenerateToken, type Unconfirmed } from '../../core/regenerate-token.ts'
import { named } from '../../core/called.ts'

interface Options extends SecretOptions {
  readonly overlap?: string | undefined
  readonly untilUsed?: true | undefined
  readonly expires?: string | undefined
}

export function tokenRegenerate(group: Group, app: App): void {
  const command = group
    .command('regenerate')
    .summary('give a token a new secret')
    .description(
      'Gives a token a new secret. The current one stops at once; with --overlap it goes on for so long, and with --until-used no longer than until the new one is first used. A former one stops in any case.',
    )
    .argument('[token]', 'token ID or client name')
    .addOption(scope)
    .option('--overlap <duration>', 'keep the current secret working for this long (24h, 7d)')
    .option('--until-used', 'with --overlap: and no longer than until the new one is first used')
    .option('--expires <when>', 'as in client create (default: the lifetime first given, counted anew)')
    .addOption(secretFile)
    .addOption(replace)
    .addOption(copy)
    .addOption(noCopy)
    .action(app.action(async (reference, options) => regenerate(app, reference, options)))
  addHelp(command, {
    json: ISSUED_FIELDS,
    examples: [
      'tokenctl token regenerate BI --overlap 24h --secret-file /run/secrets/bi --replace',
      'tokenctl token regenerate BI --overlap 7d --until-used',
      'tokenctl token regenerate tkc_7fQ2mWc01xYz --yes --json',
    ],
  })
}

async function regenerate(app: App, given: string | undefined, options: Options): Promise<Result> {
  const overlap = overlapBy(options)
  const expires = options.expires === undefined ? null : parseExpires(options.expires, app.now())
  const delivery = await deliveryBy(app, options, issuedAnswer)
  const reference = await existingToken(app, given)
  const context = await app.context()
  const regenerated = await consenting(app, (consent) =>
    regenerateToken(context, { reference, expires, overlap }, consent, delivery.sink),
  )
  return { notes: [...remarks(regenerated, app.now()), ...(await delivery.afterwards())] }
}

function overlapBy({ overlap, untilUsed }: Options): Overlap | null {
  if (overlap !== undefined) {
    return { seconds: parseDuration('--overlap', overlap), untilUsed: untilUsed === true }
  }
  if (untilUsed === undefined) return null
  throw new Problem(
    'usage',
    '--until-used is for --overlap',
    '--overlap 7d --until-used: until the new secret is used, at the latest in 7 days',
  )
}

function remarks({ token, expiresAt, replaced }: Regenerated, now: Millis): string[] {
  const { id, client, former } = token
  return [
    ...(replaced === null ? [] : [voidNote(replaced)]),
    `token ${id} of client ${named(client)} has a new secret, ${ending(expiresAt, now)}`,
    ...(former?.formerUntil == null ? [] : [formerNote(token, relative(former.formerUntil, now))]),
    ...(isDisabled(token) ? ['it is disabled, and stays so'] : []),
    ...offNote(token),
  ]
}

const formerNote = ({ current }: Token, end: string): string =>
  current?.untilUsed === true
    ? `the former secret stops as soon as the new one is used, at the latest ${end}`
    : `the former secret stops ${end}`

const isDisabled = ({ disabledAt, client }: Token): boolean =>
  disabledAt !== null || client.disabledAt !== null

const voidNote = ({ since }: Unconfirmed): string =>
  `an unconfirmed secret of ${new Date(since).toISOString()} was replaced: what was given out for it is void`
