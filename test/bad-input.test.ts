import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { storeContents } from './support/store-contents.ts'
import { World } from './support/world.ts'

const NAME_RULE = '1 to 63 of A-Z a-z 0-9 . _ -, starting with a letter or digit'
const EXPIRES_RULE = /--expires takes days|from 1 minute to 3650 days/
const DURATION_RULE = /a duration is a number and m, h, d or w|from 1 minute to 3650 days/
const DESCRIPTION_RULE = 'a description is 1 to 200 printable characters on one line'
const SEARCH_RULE = 'a search text is 1 to 200 printable characters on one line'
const PERMISSION_RULE = 'a permission is verb:object'
const PREFIX_RULE = 'a token prefix is 2 to 10 of a-z 0-9'
const ORG_RULE = /1 to 63 of A-Z|the cluster is what all organizations lie in/
const GROUP_RULE = /1 to 63 of A-Z|a scope is cluster, an organization/
const PREFIXED = 'a name does not begin as a token does'
const SCOPE_RULE = 'a scope is cluster, an organization'
const PERIOD_RULE = /a duration is a number and m, h, d or w|from 1 minute to 3650 days/
const MODE_RULE = '--socket-mode takes three octal digits'
const LIMIT_RULE = '--limit takes a whole number from 1 to 999999999'
const UID_RULE = '--uid takes a whole number from 0 to 4294967294'
const PATH_RULE = 'a path is not empty and has no NUL in it'

/** What is no name, no number and no date anywhere. */
const NEVER_GOOD = {
  empty: '',
  blank: ' ',
  NUL: 'a\0b',
  newline: 'a\nb',
  'carriage return': 'a\rb',
  tab: 'a\tb',
  ESC: 'a\u001b[31mb',
  C1: 'a\u009b31mb',
  bidi: 'a\u202eb',
  'zero width': 'a\u200bb',
}
const BAD_NAMES = {
  ...NEVER_GOOD,
  'too long': 'a'.repeat(64),
  'an option': '--help',
  'a dot first': '.a',
  'a space': 'a b',
  'a slash': 'a/b',
  Greek: 'ετλ',
  'Arabic digits': '١٢٣',
  'full width': 'Ａ',
}
const BAD_AMOUNTS = {
  ...NEVER_GOOD,
  'too long': '9'.repeat(400),
  overflowing: '99999999999d',
  'below never': '-2',
  'minus a day': '-1d',
  zero: '0',
  'less than a minute': '0m',
  'just too long': '3651d',
  hexadecimal: '0x10',
  fraction: '1.5',
  exponent: '1e3',
  'Arabic digits': '٣٠',
  'an option': '--help',
  'unknown unit': '10y',
  seconds: '90s',
  'two units': '1d12h',
  sign: '+5d',
}
const BAD_UIDS = {
  ...NEVER_GOOD,
  'minus one': '-1',
  'minus one, unsigned': '4294967295',
  'too great': '10000000000',
  'too long': '9'.repeat(400),
  'leading zero': '01',
  fraction: '1.5',
  exponent: '1e3',
  hexadecimal: '0x10',
  'Arabic digits': '٣٠',
  'a name': 'alice',
  sign: '+5',
}
const BAD_DATES = {
  'in the past': '2026-02-28',
  'the past minute': '2026-03-01T11:59:00Z',
  'no such day': '2027-02-30',
  'no such month': '2027-13-01',
  'no such hour': '2027-01-01T24:00:00Z',
  'no offset': '2027-01-01T10:00:00',
  'too far': '2036-03-01',
  'another order': '31.12.2026',
}
const BAD_DESCRIPTIONS = { ...NEVER_GOOD, 'too long': 'x'.repeat(201), undecodable: 'a\ufffdb' }
const BAD_PERMISSIONS = {
  ...NEVER_GOOD,
  'no object': 'select',
  'empty object': 'select:',
  'empty verb': ':sales',
  'star inside': 'select:sales.*.orders',
  'two stars': 'select:**',
  'three parts': 'a:b:c',
  'too long': `select:${'x'.repeat(130)}`,
}
const BAD_PREFIXES = {
  ...NEVER_GOOD,
  'upper case': 'TKC',
  short: 'a',
  long: 'abcdefghijk',
  underscore: 'a_b',
  Greek: 'τκ',
}
const BAD_SCOPES = {
  ...NEVER_GOOD,
  'too long': 'a'.repeat(64),
  'three parts': 'acme/etl/x',
  'no group': 'acme/',
  'no organization': '/etl',
  'a group of the cluster': 'cluster/etl',
  'the cluster in another case': 'Cluster',
  'a wildcard': 'acme/*',
  'a dot first': 'acme/.etl',
}
const BAD_CHOICES = {
  ...NEVER_GOOD,
  'no such word': 'lost',
  'another case': 'Active',
  'two of them': 'client,created',
}
const BAD_KINDS = {
  ...NEVER_GOOD,
  'no such word': 'idle',
  'another case': 'Unused',
  'its name in JSON': 'neverUsed',
  'nothing behind a comma': 'expiring,',
  'a blank': 'expiring, unused',
}
const BAD_ADDRESSES = {
  ...NEVER_GOOD,
  'a port alone': '8420',
  'no port': 'localhost:',
  'a port that is too great': '127.0.0.1:65536',
  'IPv6 without brackets': '::1:8420',
  'a URL': 'http://localhost:80',
  'a path alone': '/run/tokenctl.sock',
  'no path': 'unix:',
  'a path that is too long': `unix:/${'x'.repeat(107)}`,
  Greek: 'ετλ:80',
  'Arabic digits': '127.0.0.1:٣٠',
}
const BAD_MODES = { ...NEVER_GOOD, decimal: '680', long: '01660', letters: 'u=rw', sign: '+660' }
const BAD_LIMITS = { ...BAD_AMOUNTS, negative: '-5', 'a zero first': '07', 'a duration': '5d' }
const CLUSTERS = { 'the cluster': 'cluster', 'the cluster in another case': 'Cluster' }
const BAD_GROUPS = {
  ...BAD_NAMES,
  'a slash': '/',
  'no group': 'acme/',
  'no organization': '/etl',
  'two slashes': 'acme/etl/x',
  'in the cluster': 'Cluster/etl',
  'a group that is no name': 'acme/.etl',
  'an organization that is no name': '.acme/etl',
}
const TOKEN_LIKE = { 'the prefix': 'tkc_new', 'the prefix in another case': 'TKC_new' }
const BAD_PATHS = { empty: '', NUL: 'a\0b' }

type Case = readonly [
  what: string,
  bad: Record<string, string>,
  rule: string | RegExp,
  argv: (value: string) => string[],
]

/** Only a new operator has a password. */
const isOptionOf =
  (verb: string) =>
  (word: string): boolean =>
    verb === 'create' || word !== '--password-stdin'

const CASES: readonly Case[] = [
  ['client create <name>', BAD_NAMES, NAME_RULE, (v) => ['client', 'create', '--role', 'user', '--', v]],
  ['client create --role', BAD_NAMES, NAME_RULE, (v) => ['client', 'create', 'new', '--role', v]],
  [
    'client create --expires',
    { ...BAD_AMOUNTS, ...BAD_DATES },
    EXPIRES_RULE,
    (v) => ['client', 'create', 'new', '--role', 'user', '--expires', v],
  ],
  [
    'client create --description',
    BAD_DESCRIPTIONS,
    DESCRIPTION_RULE,
    (v) => ['client', 'create', 'new', '--role', 'user', '--description', v],
  ],
  [
    'client create --secret-file',
    BAD_PATHS,
    PATH_RULE,
    (v) => ['client', 'create', 'new', '--role', 'user', '--secret-file', v],
  ],
  ['client show', BAD_NAMES, NAME_RULE, (v) => ['client', 'show', '--', v]],
  ['client update <name>', BAD_NAMES, NAME_RULE, (v) => ['client', 'update', '--role=user', '--', v]],
  ['client update --role', BAD_NAMES, NAME_RULE, (v) => ['client', 'update', 'BI', '--role', v]],
  ['client disable', BAD_NAMES, NAME_RULE, (v) => ['client', 'disable', '--', v]],
  ['client enable', BAD_NAMES, NAME_RULE, (v) => ['client', 'enable', '--', v]],
  ['client delete', BAD_NAMES, NAME_RULE, (v) => ['client', 'delete', '--yes', '--', v]],
  ['token create <client>', BAD_NAMES, NAME_RULE, (v) => ['token', 'create', '--', v]],
  [
    'token create --expires',
    { ...BAD_AMOUNTS, ...BAD_DATES },
    EXPIRES_RULE,
    (v) => ['token', 'create', 'BI', '--expires', v],
  ],
  [
    'token create --description',
    BAD_DESCRIPTIONS,
    DESCRIPTION_RULE,
    (v) => ['token', 'create', 'BI', '--description', v],
  ],
  ['token create --secret-file', BAD_PATHS, PATH_RULE, (v) => ['token', 'create', 'BI', '--secret-file', v]],
  ['token update <token>', BAD_NAMES, NAME_RULE, (v) => ['token', 'update', '--no-description', '--', v]],
  [
    'token update --description',
    BAD_DESCRIPTIONS,
    DESCRIPTION_RULE,
    (v) => ['token', 'update', 'BI', '--description', v],
  ],
  ['token identify --file', BAD_PATHS, PATH_RULE, (v) => ['token', 'identify', '--file', v]],
  ['token show', BAD_NAMES, NAME_RULE, (v) => ['token', 'show', '--', v]],
  ['token disable', BAD_NAMES, NAME_RULE, (v) => ['token', 'disable', '--', v]],
  ['token enable', BAD_NAMES, NAME_RULE, (v) => ['token', 'enable', '--', v]],
  ['token delete', BAD_NAMES, NAME_RULE, (v) => ['token', 'delete', '--yes', '--', v]],
  ['token regenerate <token>', BAD_NAMES, NAME_RULE, (v) => ['token', 'regenerate', '--yes', '--', v]],
  [
    'token regenerate --expires',
    { ...BAD_AMOUNTS, ...BAD_DATES },
    EXPIRES_RULE,
    (v) => ['token', 'regenerate', 'BI', '--yes', '--expires', v],
  ],
  [
    'token regenerate --overlap',
    { ...BAD_AMOUNTS, 'a bare number': '5', never: 'never', '-1': '-1' },
    DURATION_RULE,
    (v) => ['token', 'regenerate', 'BI', '--yes', '--overlap', v],
  ],
  [
    'token regenerate --secret-file',
    BAD_PATHS,
    PATH_RULE,
    (v) => ['token', 'regenerate', 'BI', '--yes', '--secret-file', v],
  ],
  ['token verify --file', BAD_PATHS, PATH_RULE, (v) => ['token', 'verify', '--file', v]],
  [
    'token verify --permission',
    BAD_PERMISSIONS,
    PERMISSION_RULE,
    (v) => ['token', 'verify', '--permission', v],
  ],
  ['token verify --scope', BAD_SCOPES, SCOPE_RULE, (v) => ['token', 'verify', '--scope', v]],
  ['org create <name>', { ...BAD_NAMES, ...CLUSTERS }, ORG_RULE, (v) => ['org', 'create', '--', v]],
  ['org create <name>, as a token', TOKEN_LIKE, PREFIXED, (v) => ['org', 'create', '--', v]],
  ['org delete', { ...BAD_NAMES, ...CLUSTERS }, ORG_RULE, (v) => ['org', 'delete', '--', v]],
  ['org delete --if-exists', BAD_NAMES, ORG_RULE, (v) => ['org', 'delete', '--if-exists', '--', v]],
  ['org list --limit', BAD_LIMITS, LIMIT_RULE, (v) => ['org', 'list', '--limit', v]],
  ['group create <name>', BAD_GROUPS, GROUP_RULE, (v) => ['group', 'create', '--', v]],
  ['group create <name>, as a token', TOKEN_LIKE, PREFIXED, (v) => ['group', 'create', '--', `acme/${v}`]],
  ['group create --scope', BAD_SCOPES, SCOPE_RULE, (v) => ['group', 'create', 'etl', '--scope', v]],
  ['group delete', BAD_GROUPS, GROUP_RULE, (v) => ['group', 'delete', '--', v]],
  ['group delete --if-exists', BAD_GROUPS, GROUP_RULE, (v) => ['group', 'delete', '--if-exists', '--', v]],
  ['group list --scope', BAD_SCOPES, SCOPE_RULE, (v) => ['group', 'list', '--scope', v]],
  ['group list --limit', BAD_LIMITS, LIMIT_RULE, (v) => ['group', 'list', '--limit', v]],
  ['role create <name>', BAD_NAMES, NAME_RULE, (v) => ['role', 'create', '--allow=a:b', '--', v]],
  ['role create --allow', BAD_PERMISSIONS, PERMISSION_RULE, (v) => ['role', 'create', 'new', '--allow', v]],
  ['role update <name>', BAD_NAMES, NAME_RULE, (v) => ['role', 'update', '--allow=a:b', '--', v]],
  [
    'role update --allow',
    BAD_PERMISSIONS,
    PERMISSION_RULE,
    (v) => ['role', 'update', 'analyst', '--allow', v],
  ],
  [
    'role update --remove',
    BAD_PERMISSIONS,
    PERMISSION_RULE,
    (v) => ['role', 'update', 'analyst', '--remove', v],
  ],
  ['role delete', BAD_NAMES, NAME_RULE, (v) => ['role', 'delete', '--', v]],
  ['role delete --if-exists', BAD_NAMES, NAME_RULE, (v) => ['role', 'delete', '--if-exists', '--', v]],
  ['role show', BAD_NAMES, NAME_RULE, (v) => ['role', 'show', '--', v]],
  [
    'operator create <name>',
    BAD_NAMES,
    NAME_RULE,
    (v) => ['operator', 'create', '--role=user', '--uid=1', '--', v],
  ],
  [
    'operator create --uid',
    BAD_UIDS,
    UID_RULE,
    (v) => ['operator', 'create', 'a', '--role=user', '--uid', v],
  ],
  ['operator show', BAD_NAMES, NAME_RULE, (v) => ['operator', 'show', '--', v]],
  ...['create', 'grant', 'revoke'].flatMap((verb): Case[] => [
    [
      `operator ${verb} --role`,
      BAD_NAMES,
      NAME_RULE,
      (v) => ['operator', verb, 'a', '--password-stdin', '--role', v].filter(isOptionOf(verb)),
    ],
    [
      `operator ${verb} --scope`,
      BAD_SCOPES,
      SCOPE_RULE,
      (v) =>
        ['operator', verb, 'a', '--password-stdin', '--role=user', '--scope', v].filter(isOptionOf(verb)),
    ],
  ]),
  ...['grant', 'revoke'].map((verb): Case => [
    `operator ${verb} <name>`,
    BAD_NAMES,
    NAME_RULE,
    (v) => ['operator', verb, '--role=user', '--', v],
  ]),
  ...['disable', 'enable', 'delete'].map((verb): Case => [
    `operator ${verb}`,
    BAD_NAMES,
    NAME_RULE,
    (v) => ['operator', verb, '--', v],
  ]),
  ['operator list --limit', BAD_LIMITS, LIMIT_RULE, (v) => ['operator', 'list', '--limit', v]],
  ['jobs set-connection', BAD_NAMES, NAME_RULE, (v) => ['jobs', 'set-connection', '--force', '--', v]],
  ['operator passwd', BAD_NAMES, NAME_RULE, (v) => ['operator', 'passwd', '--password-stdin', '--', v]],
  ['init --token-prefix', BAD_PREFIXES, PREFIX_RULE, (v) => ['init', '--token-prefix', v]],
  [
    '--store',
    { blank: ' ', newline: 'x.db\n' },
    'path does not end with a space',
    (v) => ['client', 'list', '--store', v],
  ],
  ['token list --client', BAD_NAMES, NAME_RULE, (v) => ['token', 'list', '--client', v]],
  ...['token', 'client'].flatMap((noun): Case[] => {
    const list =
      (...options: string[]) =>
      (v: string): string[] => [noun, 'list', ...options, v]
    return [
      [`${noun} list --role`, BAD_NAMES, NAME_RULE, list('--role')],
      [`${noun} list --scope`, BAD_SCOPES, SCOPE_RULE, list('--scope')],
      [`${noun} list --search`, BAD_DESCRIPTIONS, SEARCH_RULE, list('--search')],
      [`${noun} list --status`, BAD_CHOICES, 'a status is pending, disabled, ', list('--status')],
      [
        `${noun} list --sort`,
        BAD_CHOICES,
        'a sort key is client, created, expires or last-used',
        list('--sort'),
      ],
      [`${noun} list --expires-within`, BAD_AMOUNTS, PERIOD_RULE, list('--expires-within')],
      [`${noun} list --unused-for`, BAD_AMOUNTS, PERIOD_RULE, list('--unused-for')],
      [`${noun} list --limit`, BAD_LIMITS, LIMIT_RULE, list('--limit')],
    ]
  }),
  ['serve --listen', BAD_ADDRESSES, '--listen takes HOST:PORT', (v) => ['serve', '--listen', v]],
  ['serve --socket-mode', BAD_MODES, MODE_RULE, (v) => ['serve', '--listen=unix:x', '--socket-mode', v]],
  ['token forecast --role', BAD_NAMES, NAME_RULE, (v) => ['token', 'forecast', '--role', v]],
  [
    'token forecast --fail-if-any',
    BAD_KINDS,
    '--fail-if-any takes expiring, never-expiring, unused or never-used, or several',
    (v) => ['token', 'forecast', '--fail-if-any', v],
  ],
  ['token forecast --scope', BAD_SCOPES, SCOPE_RULE, (v) => ['token', 'forecast', '--scope', v]],
  [
    'client list --status',
    { 'of tokens': 'expired' },
    'a status is',
    (v) => ['client', 'list', '--status', v],
  ],
  ['role list --limit', BAD_LIMITS, LIMIT_RULE, (v) => ['role', 'list', '--limit', v]],
  ...(['get', 'set', 'unset'] as const).map((verb): Case => [
    `settings ${verb} <setting>`,
    BAD_NAMES,
    'tokenctl settings list shows them all',
    (v) => ['settings', verb, '--', v, ...(verb === 'set' ? ['on'] : [])],
  ]),
  [
    'settings set default-lifetime',
    BAD_AMOUNTS,
    'default-lifetime takes never, days',
    (v) => ['settings', 'set', '--', 'default-lifetime', v],
  ],
  [
    'settings set max-overlap',
    { ...BAD_AMOUNTS, 'a bare number': '5', never: 'never', '-1': '-1' },
    'max-overlap takes none or a duration',
    (v) => ['settings', 'set', '--', 'max-overlap', v],
  ],
  [
    'settings set session-idle',
    { ...BAD_AMOUNTS, 'longer than a week': '8d' },
    'session-idle takes a duration',
    (v) => ['settings', 'set', '--', 'session-idle', v],
  ],
  [
    'settings set personal-tokens',
    { ...NEVER_GOOD, 'another case': 'Off', unknown: 'on' },
    'personal-tokens takes off, admins or everyone',
    (v) => ['settings', 'set', '--', 'personal-tokens', v],
  ],
  ['settings list --limit', BAD_LIMITS, LIMIT_RULE, (v) => ['settings', 'list', '--limit', v]],
  ['--store', BAD_PATHS, PATH_RULE, (v) => ['client', 'list', '--store', v]],
]

const rows = CASES.flatMap(([what, bad, rule, argv]) =>
  Object.entries(bad).map(([fault, value]) => ({ what, fault, value, rule, argv })),
)

describe('what lies outside a rule is refused, naming the rule, and nothing changes', () => {
  const world = new World()
  let before: unknown
  beforeAll(async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
    await world.ok('org', 'create', 'acme')
    before = storeContents(world.storePath)
  })
  afterAll(() => world.remove())

  test.each(rows)('$what: $fault', async ({ value, rule, argv }) => {
    const { code, stdout, stderr } = await world.run(...argv(value))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(typeof rule === 'string' ? RegExp(rule.replaceAll('.', '[.]')) : rule)
    expect(stderr.split('\n')).toHaveLength(3) // cause, hint, and the newline behind
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/)
    expect(storeContents(world.storePath)).toEqual(before)
  })

  test.each(rows.filter(({ what }) => what.startsWith('client create')))(
    'nor is a store made for it. $what: $fault',
    async ({ argv, value }) => {
      const fresh = new World()
      const { code } = await fresh.run(...argv(value))
      expect({ code, made: existsSync(fresh.storePath) }).toEqual({ code: 2, made: false })
      fresh.remove()
    },
  )

  test.each([
    ['-1 is never', ['--expires', '-1']],
    ['--expires=-1 too', ['--expires=-1']],
    ['a name like an option, quoted', ['--description', '--help']],
    ['longest lifetime', ['--expires', '3650d']],
    ['shortest lifetime', ['--expires', '1m']],
    ['longest description', ['--description', '界'.repeat(200)]],
    ['an emoji of several', ['--description', '👩‍💻 reports']],
  ])('what lies just inside is taken: %s', async (_, options) => {
    const fresh = new World()
    const { code } = await fresh.run('client', 'create', 'a', '--role', 'user', ...options)
    expect(code).toBe(0)
    fresh.remove()
  })
})

describe('a command line that makes no sense is refused in one line', () => {
  const world = new World()
  afterAll(() => world.remove())

  test.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['client', 'frobnicate'], "unknown command 'frobnicate'"],
    [['help', 'frobnicate'], "unknown command 'frobnicate'"],
    [['help', 'client', 'creat'], 'did you mean client create?'],
    [['client', 'help'], "unknown command 'help'"],
    [['client', 'creat'], 'did you mean client create?'],
    [['client', 'list', '--frob'], "unknown option '--frob'"],
    [['client', 'list', 'BI'], 'too many arguments'],
    [['client', 'create', 'BI', '--role'], '--role needs a value\nhint: tokenctl client create --help shows'],
    [['token', 'revoke', 'BI'], 'did you mean token disable, or token delete?'],
    [['token', 'verify', 'x'], 'too many arguments'],
    [['token', 'identify', 'x'], 'too many arguments'],
    [['token', 'update', 'BI', '--expires', '90d'], "unknown option '--expires'"],
    [['token', 'regenerate', 'BI', '--until-used'], '--until-used is for --overlap'],
    [['token', 'create', 'BI', '--replace'], '--replace is for --secret-file'],
    [['client', 'update', 'BI'], '--role is needed'],
    [['role', 'update', 'x'], '--allow or --remove is needed'],
    [['role', 'update', 'x', '--allow', 'a'], 'a permission is verb:object'],
    [['client', 'create', 'BI', '--role', 'user', '--no-token', '--secret-file', 'x'], '--no-token'],
    [['client', 'create', 'BI', '--role', 'user', '--no-token', '--copy'], '--no-token'],
    [['client', 'create', 'BI', '--role', 'user', '--replace'], '--replace is for --secret-file'],
    [['client', 'create', '--role', 'user'], 'a client name is needed'],
    [['client', 'create', 'BI'], '--role is needed'],
    [['role', 'create', 'x'], '--allow is needed'],
    [['client', 'list', '--store', 'postgres://u:hunter2@h/d'], 'a password was given as an argument'],
    [
      ['client', 'list', '--store', 'postgresql://h/d?password=hunter2'],
      'a password was given as an argument',
    ],
    [['client', 'list', '--store', 'postgres://u:hunter2@h/d '], '--store is not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'postgres://u:hunter2@h:x/d'], '--store is not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'mysql://u:hunter2@h/d'], '--store is not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'postgres:/u:hunter2@h/d'], '--store is not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'postgres:u:hunter2@h/d'], '--store is not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'host=h password=hunter2'], '--store is not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'postgres://u@a,b/d'], 'at one host'],
    [['client', 'list', '--store', 'postgres://u@h/d?sslmode=maybe'], 'not an sslmode'],
    [['client', 'list', '--store', 'postgres://u@h/d?sslmod=require'], "of a database's URL is unknown"],
    [
      ['client', 'list', '--store', 'postgres://u@h/d?user=x&ssl=hunter2&hunter2'],
      "of a database's URL is unknown",
    ],
    [['client', 'list', '--store', 'postgres://h/d?user=x;password=hunter2'], 'not the URL of a PostgreSQL'],
    [['client', 'list', '--store', '"postgres://u:hunter2@h/d"'], 'not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'jdbc:postgresql://u:hunter2@h/d'], 'not the URL of a PostgreSQL'],
    [['client', 'list', '--store', 'u:hunter2@h/d'], 'not the URL of a PostgreSQL'],
    [
      ['client', 'list', '--store', 'postgres://u@h/d?sslrootcert=system&sslmode=require'],
      'sslmode=verify-full',
    ],
    [['client', 'list', '--store', 'postgres://u@h/d?connect_timeout=soon'], 'not a connect_timeout'],
    [['client', 'list', '--store', 'postgres://%zz@h/d'], 'has a % that stands for nothing'],
    [['init', '--token-prefix', 'tksession'], 'the token prefix tksession is reserved'],
    [['init', '--token-prefix', 'tkticket'], 'the token prefix tkticket is reserved'],
    [['init', '--operator', 'alice'], '--operator and --password-stdin are for a store in a database'],
    [
      ['client', 'create', 'x', '--role', 'user', '--secret-file', 'file://u:hunter2@h'],
      '--secret-file is a URL',
    ],
  ])('%j', async (argv, words) => {
    const { code, stdout, stderr } = await world.run(...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('hunter2')
    expect(stderr).toMatch(/^tokenctl: [^\n]+\n(hint: [^\n]+\n)?$/)
    expect(existsSync(world.storePath)).toBe(false)
  })

  test.each([
    [['help'], ['--help']],
    [
      ['help', 'client'],
      ['client', '--help'],
    ],
    [
      ['help', 'client', 'create'],
      ['client', 'create', '--help'],
    ],
    [['version'], ['--version']],
  ])('%j is %j', async (words, options) => {
    const shown = await world.run(...words)
    expect(shown).toEqual({
      code: 0,
      stdout: expect.stringMatching(/Usage: tokenctl|^\d+\.\d+\.\d+\n$/),
      stderr: '',
    })
    expect(shown).toEqual(await world.run(...options))
  })

  test.each([[[]], [['client']], [['token']], [['jobs']]])(
    'without a verb it shows help, and fails: %j',
    async (argv) => {
      const { code, stdout, stderr } = await world.run(...argv)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('Usage: tokenctl')
    },
  )
})

describe('help runs nothing, whatever stands behind it', () => {
  const world = new World()
  let before: unknown
  beforeAll(async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    before = storeContents(world.storePath)
  })
  afterAll(() => world.remove())

  test.each([
    ['help client disable BI --'],
    ['help client disable BI'],
    ['help client create evil --role user --description'],
    ['help token delete BI --yes --'],
    ['help token create BI --description'],
  ])('%s', async (line) => {
    const { code, stdout } = await world.run(...line.split(' '))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: tokenctl (client|token) /)
    expect(storeContents(world.storePath)).toEqual(before)
  })
})
