import { type Action, type Context, scopesFor } from '../core/change.ts'
import { EVERYTHING } from '../core/list-filter.ts'
import { listClients, listRoles, listTokens } from '../core/lists.ts'
import type { ClientSummary, Role, TokenSummary } from '../core/model.ts'
import { checkName, checkRoleName, isSearch, nameKey } from '../core/name.ts'
import { BUILT_IN_ROLES } from '../core/permission.ts'
import { Problem } from '../core/problem.ts'
import type { Choice, Page, Picker } from '../system.ts'
import type { App } from './app.ts'
import { required, text } from './ask.ts'
import { cut, measure } from './cells.ts'
import { CLIENT_SUMMARY_COLUMNS } from './client-view.ts'
import { ROLE_LIST_COLUMNS } from './role-view.ts'
import { escaped } from './escape.ts'
import type { Style } from './output.ts'
import { type Column, laidOut } from './table.ts'
import { TOKEN_COLUMNS } from './token-view.ts'

/** One of those there are: as given, or chosen from a list, which is searched by typing where it is long. */
export const existingClient = (app: App, given?: string): Promise<string> =>
  required(app, given, 'a client name', () => chooseOne(app, CLIENTS))

export const existingToken = (app: App, given?: string): Promise<string> =>
  required(app, given, 'a token ID or a client name', () => chooseOne(app, tokensOf(null)))

export const existingRole = (app: App, given?: string): Promise<string> =>
  required(app, given, 'a role name', () => chooseOne(app, ROLES))

/** A client's role, likewise; before there is a store, of those that every store has. */
export const clientRole = async (app: App, given: string | undefined): Promise<string> =>
  checkRoleName(await required(app, given, '--role', () => chooseRole(app)))

/** What can be chosen from. */
export interface Kind<Row> {
  readonly message: string
  /** One of them, in an error. */
  readonly noun: string
  /** The action whose permission it needs to see them; null: everybody may. */
  readonly action: Action | null
  readonly columns: readonly Column<Row>[]
  readonly value: (row: Row) => string
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
  rows: (context, search, limit) => listClients(context, { ...EVERYTHING, search, limit }),
  check: (answer) => checkName('client', answer),
  making: 'tokenctl client create makes one',
}

/** @param client whose they are; null: anybody's */
export const tokensOf = (client: string | null): Kind<TokenSummary> => ({
  message: 'Token:',
  noun: 'token',
  action: 'token list',
  columns: TOKEN_COLUMNS,
  value: ({ id }) => id,
  rows: (context, search, limit) => listTokens(context, { ...EVERYTHING, client, search, limit }),
  check: (answer) => checkName('token or client', answer),
  making: 'tokenctl client create makes a client with one, token create a further one',
})

const ROLES: Kind<Role> = {
  message: 'Role:',
  noun: 'role',
  action: null,
  columns: ROLE_LIST_COLUMNS,
  value: ({ name }) => name,
  rows: async (context, search) =>
    (await rolesInOrder(context)).filter(({ name }) => nameKey(name).includes(nameKey(search ?? ''))),
  check: checkRoleName,
  making: 'tokenctl role create makes one',
}

/** The store's own roles first, and of the built-in ones the most powerful last: Enter alone must not give much away. */
async function rolesInOrder(context: Context): Promise<Role[]> {
  const roles = await listRoles(context)
  const rank = ({ name }: Role): number => BUILT_IN_ROLES.indexOf(name)
  return roles.sort((a, b) => rank(a) - rank(b))
}

async function chooseRole(app: App): Promise<string> {
  const message = 'Client role:'
  if ((await app.openIfThere()) !== null) return chooseOne(app, { ...ROLES, message })
  const choices = BUILT_IN_ROLES.map((name) => ({ value: name, line: name, name }))
  return app.system.prompts.choose(message, choices)
}

/** So many are shown at once, without a search. */
const FEW = 10
/** So many are read at most: who does not find it among them types more of its name. */
const MANY = 100

async function chooseOne<Row>(app: App, kind: Kind<Row>): Promise<string> {
  const { message, noun, action, check, making } = kind
  const context = await app.context()
  // Who may do something to what they may not list, has its name from elsewhere.
  if (action !== null && scopesFor(context.actor, action).length === 0) return text(app, message, check)
  const few = await readUpTo(FEW + 1, kind, context, null)
  if (few.length === 0) throw new Problem('not-found', `there is no ${noun} yet`, making)
  if (few.length > FEW) return kind.value(await pickRow(app, kind, { title: '', keys: LEAVING, echo: true }))
  const { header, choices } = await laidOutAs(app, kind, few, app.askingStyle.columns - 1)
  return kind.value(await app.system.prompts.choose(message, choices, header))
}

const LEAVING = { enter: 'choose', escape: 'leave' }

/** How far a line is moved to the right, behind what points at it. */
export const POINTER = 2

/** What is around the list. */
interface Around extends Pick<Picker, 'keys' | 'echo' | 'bookmark'> {
  readonly title: string
}

/** One of them from a screen of its own, however few there are. @param extra always stands below them */
export async function pickRow<Row, Extra = never>(
  app: App,
  kind: Kind<Row>,
  { title, ...around }: Around,
  extra: readonly Choice<Extra>[] = [],
): Promise<Row | Extra> {
  return app.system.prompts.pick<Row | Extra>({
    ...around,
    message: kind.message,
    find: async (search, columns) => ({
      ...(await pageOf(app, kind, search, columns)),
      title: await cutTo(columns, title),
      fixed: extra,
    }),
  })
}

/** What may come from outside, on one line of so many cells. */
export const cutTo = async (columns: number, text: string): Promise<string> =>
  cut(escaped(text), columns, await measure())

/** What there is for a search, as lines of a table. */
async function pageOf<Row>(
  app: App,
  kind: Kind<Row>,
  search: string,
  columns: number,
): Promise<Omit<Page<Row>, 'title' | 'fixed'>> {
  const rows = await readUpTo(MANY + 1, kind, await app.context(), search === '' ? null : search)
  return {
    ...(await laidOutAs(app, kind, rows.slice(0, MANY), columns)),
    remark: remark(rows.length, search),
  }
}

function remark(found: number, search: string): string {
  if (found > MANY) return `the first ${MANY} of more: type a part of the name`
  return found === 0 && search !== '' ? 'nothing is like that' : ''
}

async function readUpTo<Row>(
  limit: number,
  { rows }: Kind<Row>,
  context: Context,
  search: string | null,
): Promise<Row[]> {
  if (search !== null && !isSearch(search)) return []
  const found: Row[] = []
  for await (const row of await rows(context, search, limit)) {
    found.push(row)
    if (found.length === limit) break
  }
  return found
}

async function laidOutAs<Row>(
  app: App,
  { columns, value }: Kind<Row>,
  rows: readonly Row[],
  width: number,
): Promise<Pick<Page<Row>, 'header' | 'choices'>> {
  const style: Style = { ...app.askingStyle, columns: width }
  const { header, lines } = await laidOut(style, columns, rows, POINTER)
  const choices = rows.map((row, i) => ({ value: row, line: lines[i] ?? '', name: escaped(value(row)) }))
  return { header, choices }
}
