import type { Issued } from '../core/issue-secret.ts'
import type { Millis, Token, TokenSummary } from '../core/model.ts'
import { hasLivingFormer, tokenStatus } from '../core/token-status.ts'
import { offNote, offRemark } from './off-note.ts'
import { type Answer, sentence, type Style } from './output.ts'
import type { Column, Property } from './table.ts'
import { lasting, moment, timestamp } from './time.ts'
import { named } from '../core/called.ts'

/** Shapes of JSON: what each field means; the functions below must fill just these. */
type Filled<Fields> = Readonly<Record<keyof Fields, unknown>>

export const TOKEN_FIELDS = {
  id: "the token's public ID",
  client: 'the client it belongs to',
  description: 'as given, or null',
  role: "the client's role; null: a personal token, with its operator's roles",
  scope: "the client's scope",
  status: 'deleted, pending, disabled, expired or active',
  jobs: 'whether Jobs runs as its client',
  createdAt: 'RFC 3339',
  expiresAt: 'when the current secret ends; null: never, or there is none',
  lastUsedAt: 'last successful verification; null: never used',
} as const

export const TOKEN_DETAIL_FIELDS = {
  ...TOKEN_FIELDS,
  disabledAt: 'since when the token is disabled, or null',
  clientDisabledAt: 'since when its client is disabled, or null',
  offBy: 'the setting that stops it: tokens or personal-tokens; null: none does',
  deletedAt: 'when it was deleted, or null',
  lifetimeSeconds: 'the lifetime first given, which a regenerate counts anew; null: never ends',
  deliveredAt: 'when the current secret was given out, or null',
  deliveredTo: 'where to: stdout, a path, or first use',
  formerUntil: 'until when the former secret still works, or null',
  formerUntilUsed: 'whether it stops before that, as soon as the current secret is used',
  pendingSince: 'since when a new secret is on its way, or null',
  pendingBy: 'who is making it, or null',
} as const

export const ISSUED_FIELDS = {
  id: "the token's public ID",
  client: 'the client it belongs to',
  role: "the client's role; null: a personal token, with its operator's roles",
  scope: "the client's scope",
  description: 'as given, or null',
  createdAt: 'RFC 3339',
  expiresAt: 'when this secret ends; null: never, or none was made',
  token: 'the secret, this once; null where it went to a file or none was made',
  deliveredTo: 'where the secret went: stdout, or a path; null: none was made',
} as const

export function tokenJson(token: TokenSummary, now: Millis): Filled<typeof TOKEN_FIELDS> {
  return {
    id: token.id,
    client: token.client.name,
    description: token.description,
    role: token.client.role,
    scope: token.client.scope,
    status: tokenStatus(token, now),
    jobs: token.client.isJobs,
    createdAt: timestamp(token.createdAt),
    expiresAt: timestamp(token.current?.expiresAt ?? null),
    lastUsedAt: timestamp(token.lastUsedAt),
  }
}

export function tokenDetailJson(token: Token, now: Millis): Filled<typeof TOKEN_DETAIL_FIELDS> {
  return {
    ...tokenJson(token, now),
    disabledAt: timestamp(token.disabledAt),
    clientDisabledAt: timestamp(token.client.disabledAt),
    offBy: token.offBy,
    deletedAt: timestamp(token.deletedAt),
    lifetimeSeconds: token.lifetime,
    deliveredAt: timestamp(token.current?.activatedAt ?? null),
    deliveredTo: token.current?.deliveredTo ?? null,
    formerUntil: hasLivingFormer(token, now) ? timestamp(token.former?.formerUntil ?? null) : null,
    formerUntilUsed: hasLivingFormer(token, now) && token.current?.untilUsed === true,
    pendingSince: timestamp(token.pending?.madeAt ?? null),
    pendingBy: token.pending?.madeBy ?? null,
  }
}

export const TOKEN_COLUMNS: readonly Column<TokenSummary>[] = [
  { title: 'ID', rank: 0, cell: (token) => token.id },
  { title: 'CLIENT', rank: 1, least: 16, cell: (token) => token.client.name },
  { title: 'DESCRIPTION', rank: 6, least: 16, cell: (token) => token.description ?? '' },
  { title: 'ROLE', rank: 7, least: 12, cell: (token) => token.client.role ?? '' },
  { title: 'SCOPE', rank: 8, least: 12, cell: (token) => token.client.scope },
  { title: 'STATUS', rank: 2, cell: (token, { now }) => tokenStatus(token, now), paint: 'status' },
  { title: 'JOBS', rank: 3, cell: (token) => (token.client.isJobs ? 'yes' : '') },
  { title: 'CREATED', rank: 9, cell: (token, style) => moment(style, token.createdAt, '') },
  { title: 'EXPIRES', rank: 4, cell: expires },
  { title: 'LAST USED', rank: 5, cell: (token, style) => moment(style, token.lastUsedAt, 'never used') },
]

export const TOKEN_DETAIL_COLUMNS: readonly Property<Token>[] = [
  ...TOKEN_COLUMNS,
  { title: 'DELIVERED', cell: delivered, whole: true },
  { title: 'REMARKS', cell: remarks },
]

/** A command's output that has the secret in it: the bare token, or under `--json` the one document. */
export function issuedAnswer(
  { token, expiresAt }: Pick<Issued, 'token' | 'expiresAt'>,
  secret: string | null,
  deliveredTo: string | null,
): Answer {
  const data: Filled<typeof ISSUED_FIELDS> = {
    id: token.id,
    client: token.client.name,
    role: token.client.role,
    scope: token.client.scope,
    description: token.description,
    createdAt: timestamp(token.createdAt),
    expiresAt: timestamp(expiresAt),
    token: secret,
    deliveredTo,
  }
  // Escaped for its prefix, which is the store's.
  return { data, text: sentence(secret ?? token.id) }
}

/** Remarks for a token that would not work just now whatever is done to it. */
export const stoppedNotes = (token: Token): string[] => [
  ...(token.client.disabledAt === null
    ? []
    : [`client ${named(token.client)} is disabled, and its tokens with it`]),
  ...offNote(token),
]

/** Of a client, in a sentence. */
export const inRole = (role: string | null): string =>
  role === null ? "with its operator's roles" : `role ${role}`

/** @param state of its secret, in a few words */
export const newTokenNote = ({ id, client }: Token, state: string): string =>
  `client ${named(client)}, ${inRole(client.role)}: token ${id}, ${state}`

function expires({ current }: TokenSummary, style: Style): string {
  return current === null ? '' : moment(style, current.expiresAt, 'never')
}

function delivered({ current }: Token, style: Style): string {
  if (current === null) return 'not yet'
  return `${moment(style, current.activatedAt, '')}, to ${current.deliveredTo ?? ''}`
}

function remarks(token: Token, style: Style): string {
  const { client, offBy, current, former, pending } = token
  const said: string[] = []
  if (offBy !== null) said.push(offRemark(offBy))
  if (client.disabledAt !== null) said.push(`client disabled ${moment(style, client.disabledAt, '')}`)
  if (former !== null && hasLivingFormer(token, style.now)) {
    const end = current?.untilUsed === true ? ', or until the new one is used' : ''
    said.push(`former secret valid ${lasting(style, former.formerUntil)}${end}`)
  }
  if (pending !== null) {
    said.push(`a new secret was prepared ${moment(style, pending.madeAt, '')}, by ${pending.madeBy}`)
  }
  return said.join('; ')
}
