import { describe, expect, test } from '@jest/globals'
import { passwordIn } from '../../src/store/pgpass.ts'

const ACCOUNT = { host: 'db.example', port: 5432, database: 'tokens', user: 'alice' }

/** Each was tried with psql. */
describe('the password in ~/.pgpass, as libpq finds it', () => {
  test.each([
    ['all fields', 'db.example:5432:tokens:alice:secret', 'secret'],
    ['a * for any', '*:*:*:*:secret', 'secret'],
    ['another host', 'db2.example:5432:tokens:alice:no', ''],
    ['another port', 'db.example:5433:tokens:alice:no', ''],
    ['another database', 'db.example:5432:other:alice:no', ''],
    ['another user', 'db.example:5432:tokens:bob:no', ''],
    ['a part of a field', '*.example:*:*:*:no', ''],
    ['another case', 'DB.EXAMPLE:*:*:*:no', ''],
    ['a * that is meant', '\\*:*:*:*:no', ''],
    ['the first that fits wins', '*:*:*:bob:no\n*:*:*:alice:first\ndb.example:5432:tokens:alice:no', 'first'],
    ['also if it has no password', '*:*:*:alice:\n*:*:*:alice:no', ''],
    ['a remark', '# *:*:*:*:no\n#*:*:*:*:no\n*:*:*:*:secret', 'secret'],
    ['a space before it', ' *:*:*:*:no', ''],
    ['a space behind it', '*:*:*:*:secret ', 'secret '],
    ['a # in it', '*:*:*:*:se#cret', 'se#cret'],
    ['an escaped colon', '*:*:*:*:se\\:cret', 'se:cret'],
    ['an escaped backslash', '*:*:*:*:se\\\\cret', 'se\\cret'],
    ['another escaped letter', '*:*:*:*:se\\cret', 'secret'],
    ['an escape in another field', 'db\\.example:*:*:al\\ice:secret', 'secret'],
    ['a backslash at its end', '*:*:*:*:secret\\', 'secret\\'],
    ['a colon that is not escaped', '*:*:*:*:secret:and more', 'secret'],
    ['lines from Windows', '# passwords\r\n*:*:*:*:secret\r\n', 'secret'],
    ['a carriage return at the end', '*:*:*:*:secret\r', 'secret'],
    ['too few fields', '*:*:*:no\n\n*:*:*:*:secret', 'secret'],
    ['nothing at all', '', ''],
  ])('%s', (_, text, password) => {
    expect(passwordIn(text, ACCOUNT)).toBe(password)
  })

  test.each([
    ['tokens:x', '*:*:tokens\\:x:*:secret'],
    ['to\\kens', '*:*:to\\\\kens:*:secret'],
    ['*', '*:*:\\*:*:secret'],
  ])('a database called %s is found by its escaped name', (database, text) => {
    expect(passwordIn(text, { ...ACCOUNT, database })).toBe('secret')
  })

  test.each([
    ['/var/run/postgresql', 'localhost', 'secret'],
    ['/tmp', 'localhost', 'secret'],
    ['/srv/sockets', 'localhost', ''],
    ['/srv/sockets', '/srv/sockets', 'secret'],
    ['localhost', 'localhost', 'secret'],
    ['127.0.0.1', 'localhost', ''],
    ['::1', '\\:\\:1', 'secret'],
  ])('at %s, of a line for %s', (host, field, password) => {
    expect(passwordIn(`${field}:*:*:*:secret`, { ...ACCOUNT, host })).toBe(password)
  })
})
