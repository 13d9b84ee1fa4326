import type { Action } from '../core/action.ts'
import type { Context } from '../core/change.ts'
import { EVERYTHING } from '../core/list-filter.ts'
import { listClients, listGroups, listOperators, listOrgs, listRoles, listTokens } from '../core/lists.ts'
import type { Client, ClientSummary, Operator, Role, ScopeSummary, TokenSummary } from '../core/model.ts'
import { checkName, checkRoleName, nameKey } from '../core/name.ts'
import { BUILT_IN_ROLES } from '../core/permission.ts'
import { checkGroupName, checkOrgName, type Scope } from '../core/scope.ts'
import { checkSettingName } from '../core/settings.ts'
import { listSettings, type ShownSetting } from '../core/show-settings.ts'
import { CLIENT_SUMMARY_COLUMNS } from './client-view.ts'
import { OPERATOR_COLUMNS } from './operator-view.ts'
import { ROLE_LIST_COLUMNS } from './role-view.ts'
import { GROUP_COLUMNS, ORG_COLUMNS } from './scope-view.ts'
import { SETTING_COLUMNS } from './setting-view.ts'
import type { Column } from './table.ts'
import { TOKEN_COLUMNS } from './token-view.ts'

/** What can be chosen from. */
export interface Kind<Row> {
  readonly message: string
  /** One of them, in an error. */
  readonly noun: string
  /** The action whose permission it needs to see them; null: everybody may. */
  readonly action: Action | null
  readonly columns: readonly Column<Row>[]
  readonly value: (row: Row) => string
  /** Where a row is, if its value alone does not say it. */
  readonly scope: (row: Row) => Scope | null
  /** @param search part of a name; null: all of them */
  readonly rows: (
    context: Context,
    search: string | null,
    limit: number,
  ) => Promise<AsyncIterable<Row> | Iterable<Row>>
  readonly check: (answer: string) => unknown
  /** The command that makes one. */
  readonly making: string
}

export const CLIENTS: Kind<ClientSummary> = {
  message: 'Client:',
  noun: 'client',
  action: 'client list',
  columns: CLIENT_SUMMARY_COLUMNS.filter(({ title }) => title !== 'CREATED' && title !== 'TOKENS'),
  value: ({ name }) => name,
  scope: ({ scope }) => scope,
  rows: (context, search, limit) => listClients(context, { ...EVERYTHING, at: context.scope, search, limit }),
  check: (answer) => checkName('client', answer),
  making: 'tokenctl client create makes one',
}

export const DISABLED_CLIENTS: Kind<ClientSummary> = {
  ...CLIENTS,
  noun: 'disabled client',
  rows: (context, search, limit) =>
    listClients(context, { ...EVERYTHING, at: context.scope, search, limit, status: 'disabled' }),
  making: 'tokenctl client disable disables one',
}

/** @param client whose they are; null: anybody's */
export const tokensOf = (client: Pick<Client, 'name' | 'scope'> | null): Kind<TokenSummary> => ({
  message: 'Token:',
  noun: 'token',
  action: 'token list',
  columns: TOKEN_COLUMNS,
  value: ({ id }) => id,
  scope: () => null,
  rows: (context, search, limit) =>
    listTokens(context, {
      ...EVERYTHING,
      at: client?.scope ?? context.scope,
      client: client?.name ?? null,
      search,
      limit,
    }),
  check: (answer) => checkName('token or client', answer),
  making: 'tokenctl client create makes a client with one, token create another one',
})

/** The personal ones of who asks. */
export const OWN_TOKENS: Kind<TokenSummary> = {
  ...tokensOf(null),
  action: 'own-token list',
  rows: (context, search, limit) => listTokens(context, { ...EVERYTHING, mine: true, search, limit }),
  making: 'tokenctl token create --mine makes one',
}

export const DISABLED_TOKENS: Kind<TokenSummary> = {
  ...tokensOf(null),
  noun: 'disabled token',
  rows: (context, search, limit) =>
    listTokens(context, { ...EVERYTHING, at: context.scope, search, limit, status: 'disabled' }),
  making: 'tokenctl token disable disables one',
}

export const ROLES: Kind<Role> = {
  message: 'Role:',
  noun: 'role',
  action: null,
  columns: ROLE_LIST_COLUMNS,
  value: ({ name }) => name,
  scope: () => null,
  rows: async (context, search) => like(search, await rolesInOrder(context)),
  check: checkRoleName,
  making: 'tokenctl role create makes one',
}

export const OWN_ROLES: Kind<Role> = {
  ...ROLES,
  noun: "role of the store's own",
  rows: async (context, search) =>
    like(search, await rolesInOrder(context)).filter(({ builtIn }) => !builtIn),
}

export const ORGS: Kind<ScopeSummary> = {
  message: 'Organization:',
  noun: 'organization',
  action: 'org list',
  columns: ORG_COLUMNS,
  value: ({ name }) => name,
  scope: () => null,
  rows: async (context, search) => like(search, await listOrgs(context)),
  check: checkOrgName,
  making: 'tokenctl org create makes one',
}

export const GROUPS: Kind<ScopeSummary> = {
  ...ORGS,
  message: 'Group:',
  noun: 'group',
  action: 'group list',
  columns: GROUP_COLUMNS,
  rows: async (context, search) => like(search, await listGroups(context)),
  check: checkGroupName,
  making: 'tokenctl group create makes one',
}

export const SETTINGS_KIND: Kind<ShownSetting> = {
  message: 'Setting:',
  noun: 'setting',
  action: null,
  columns: SETTING_COLUMNS,
  value: ({ name }) => name,
  scope: () => null,
  rows: async (context, search) => like(search, await listSettings(context)),
  check: checkSettingName,
  making: 'tokenctl settings list shows them all',
}

export const OPERATORS: Kind<Operator> = {
  message: 'Operator:',
  noun: 'operator',
  action: 'operator list',
  columns: OPERATOR_COLUMNS.filter(({ title }) => title !== 'CREATED'),
  value: ({ name }) => name,
  scope: () => null,
  rows: async (context, search) => like(search, await listOperators(context)),
  check: (answer) => checkName('operator', answer),
  making: 'tokenctl operator create makes one',
}

export const DISABLED_OPERATORS: Kind<Operator> = {
  ...OPERATORS,
  noun: 'disabled operator',
  rows: async (context, search) =>
    like(search, await listOperators(context)).filter(({ disabledAt }) => disabledAt !== null),
  making: 'tokenctl operator disable disables one',
}

const like = <Named extends { readonly name: string }>(
  search: string | null,
  rows: readonly Named[],
): Named[] => rows.filter(({ name }) => nameKey(name).includes(nameKey(search ?? '')))

/** The store's own roles first, and of the built-in ones the most powerful last: Enter alone must not give much away. */
async function rolesInOrder(context: Context): Promise<Role[]> {
  const roles = await listRoles(context)
  const rank = ({ name }: Role): number => BUILT_IN_ROLES.indexOf(name)
  return roles.sort((a, b) => rank(a) - rank(b))
}
