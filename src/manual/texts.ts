import type { Item } from './description.ts'

// What no single command can say of itself. Between backticks stands what is typed.

export const INTRODUCTION: readonly string[] = [
  'Alone at a terminal, `tokenctl` shows Access Token Management: a table of the clients, searched by typing, and what can be done with each. Whatever is done there is one of the commands, which is shown with what it answers. Esc or Ctrl-C goes back one step, and from the table it leaves; nothing is changed by it. Where standard input, standard output or standard error is no terminal, under `--no-input` and `--json`, and where `TERM` is `dumb`, it shows help and ends with exit code 2.',
  'A client is looked for exactly at `--scope`, or else at your own scope: the one at which you have a role, or which covers all others at which you have one. Lists show all that you may see; there `--scope` narrows them to what is at it and below. To `token verify` and `whoami --can` it says where something is to be used. A scope is `cluster`, an organization (`acme`) or a group in one (`acme/etl`).',
  "Where a token is wanted, its ID or its client's name does, if that client has just one. On a terminal, what is missing is asked for: an existing client, token, role, organization, group, operator or setting is chosen from a list, which is searched by typing where it is long.",
  'These take several names: `disable` and `enable` of `client`, `token` and `operator`, and every `delete`. Each is tried in order and reported at once; a failure does not stop the rest, and the exit code is that of the first failure. Ctrl-C at a question stops there; what was reported before is done. To disable what is disabled is no failure, nor to enable what is enabled; under `--if-exists`, nor to delete what is not there.',
  'Under `--json` one name gives an object. Several give an array of those that went well, at the end; each error is an object on stderr.',
]

/** In the place of the introduction, on the pages of the nouns. */
export const GENERAL =
  'What holds for every command is in `tokenctl`(1): how names are given, and options such as `--store` and `--json`.'

export const ERRORS =
  'An error is one line on stderr, `tokenctl: cause`, and where there is one a second, `hint: …`; under `--json` it is `{"error":{"kind":…,"message":…,"hint":…}}`.'

export const EXAMPLES: readonly string[] = [
  'tokenctl client create BI --role user',
  'tokenctl token verify < token.txt',
  'tokenctl token regenerate BI --overlap 24h',
]

/** A test holds that it names every variable that the program looks at. */
export const ENVIRONMENT: readonly Item[] = [
  {
    term: 'TOKENCTL_STORE',
    meaning: 'where the store is, a file or `postgres://…`; `--store` comes before it',
  },
  {
    term: 'TOKENCTL_TOKEN',
    meaning:
      'the access token to act by, and nobody else: not your session, nor you. If it is not valid, nothing is done. `--token-file` comes before it',
  },
  { term: 'NO_COLOR', meaning: 'no colours, if it is not empty' },
  {
    term: 'TERM',
    meaning:
      'where it is `dumb`, no colours, no progress, no clipboard of the terminal, and `tokenctl` alone shows help',
  },
  {
    term: 'LC_ALL, LC_CTYPE, LANG',
    meaning:
      'the first that is set says whether the terminal can show more than ASCII: where it is not UTF-8, uses are not drawn',
  },
  { term: 'XDG_DATA_HOME, HOME', meaning: 'where the default store is' },
  {
    term: 'XDG_RUNTIME_DIR, XDG_STATE_HOME',
    meaning: 'where the sessions of `tokenctl login` are kept: in the first that is set',
  },
  {
    term: 'SSH_CONNECTION, SSH_TTY',
    meaning: "a secret is copied to the clipboard of your own terminal, not of this machine's desktop",
  },
  {
    term: 'DISPLAY, WAYLAND_DISPLAY',
    meaning: 'there is a desktop, whose clipboard a secret is copied to',
  },
  { term: 'SUDO_UID', meaning: 'who called sudo: as that person you act and are written down' },
  {
    term: 'PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGPASSFILE, PGSSLMODE, PGSSLROOTCERT, PGSSLCERT, PGSSLKEY, PGSSLCRL, PGCONNECT_TIMEOUT, PGOPTIONS, PGAPPNAME',
    meaning: 'of a store in a database, what they are to `psql`, where its URL does not say',
  },
  {
    term: 'PGCHANNELBINDING, PGGSSENCMODE, PGREQUIREAUTH',
    meaning: 'refused where they ask for a protection that there is not',
  },
  {
    term: 'SSL_CERT_FILE',
    meaning: 'under `sslrootcert=system`, the authorities that are trusted',
  },
]

export const FILES: readonly Item[] = [
  {
    term: '$XDG_DATA_HOME/tokenctl/tokenctl.db',
    meaning: 'the default store; without that variable, `~/.local/share/tokenctl/tokenctl.db`',
  },
  {
    term: '$XDG_RUNTIME_DIR/tokenctl/session-*',
    meaning: 'who is logged in where; without that variable, in `~/.local/state/tokenctl`',
  },
  {
    term: '~/.pgpass, ~/.postgresql',
    meaning: 'of a store in a database, its passwords and certificates, as `psql` has them',
  },
]
