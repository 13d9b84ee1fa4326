import { clientStatus } from '../core/client-status.ts'
import type { Client, ClientSummary } from '../core/model.ts'
import type { Column } from './table.ts'
import { moment, timestamp } from './time.ts'

export const CLIENT_FIELDS = {
  client: "the client's name",
  role: "its role; null: a personal client, with its operator's roles",
  scope: 'where it belongs',
  status: 'pending (its first token not known to be delivered), disabled, active or deleted',
  jobs: 'whether Jobs runs as it',
  createdAt: 'RFC 3339',
  createdBy: 'who registered it',
  disabledAt: 'since when it is disabled, or null',
} as const

export const CLIENT_SUMMARY_FIELDS = {
  ...CLIENT_FIELDS,
  tokens: 'how many tokens it has',
  expiresAt: 'when the last of its secrets ends; null: never, or there is none',
  lastUsedAt: 'last successful verification of any of them; null: never used',
} as const

export function clientJson(client: Client): Readonly<Record<keyof typeof CLIENT_FIELDS, unknown>> {
  return {
    client: client.name,
    role: client.role,
    scope: client.scope,
    status: clientStatus(client),
    jobs: client.isJobs,
    createdAt: timestamp(client.createdAt),
    createdBy: client.createdBy,
    disabledAt: timestamp(client.disabledAt),
  }
}

export function clientSummaryJson(
  client: ClientSummary,
): Readonly<Record<keyof typeof CLIENT_SUMMARY_FIELDS, unknown>> {
  return {
    ...clientJson(client),
    tokens: client.tokens,
    expiresAt: timestamp(client.expiresAt),
    lastUsedAt: timestamp(client.lastUsedAt),
  }
}

export const CLIENT_COLUMNS: readonly Column<Client>[] = [
  { title: 'CLIENT', rank: 0, least: 24, cell: (client) => client.name },
  { title: 'ROLE', rank: 6, least: 12, cell: (client) => client.role ?? '' },
  { title: 'SCOPE', rank: 3, least: 12, cell: (client) => client.scope },
  { title: 'STATUS', rank: 1, cell: clientStatus, paint: 'status' },
  { title: 'JOBS', rank: 2, cell: (client) => (client.isJobs ? 'yes' : '') },
  { title: 'CREATED', rank: 8, cell: (client, style) => moment(style, client.createdAt, '') },
]

export const CLIENT_SUMMARY_COLUMNS: readonly Column<ClientSummary>[] = [
  ...CLIENT_COLUMNS,
  { title: 'TOKENS', rank: 7, cell: (client) => String(client.tokens) },
  {
    title: 'EXPIRES',
    rank: 4,
    cell: (client, style) => moment(style, client.expiresAt, client.isEndless ? 'never' : ''),
  },
  { title: 'LAST USED', rank: 5, cell: (client, style) => moment(style, client.lastUsedAt, 'never used') },
]
