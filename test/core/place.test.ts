import { describe, expect, test } from '@jest/globals'
import { databaseAt, holdsPassword, isUrl, parametersOf, type Place, shown } from '../../src/core/place.ts'

type Database = Extract<Place, { kind: 'database' }>

const at = (text: string): Database => databaseAt('--store', text) as Database

describe('a database by its URL', () => {
  test.each([
    ['postgres://alice@db.example/tokens', 'postgres://alice@db.example/tokens'],
    ['postgresql://db.example', 'postgresql://db.example'],
    ['postgres://alice:hunter2@db.example/tokens', 'postgres://alice@db.example/tokens'],
    ['postgres://alice:h%2Fu%40%3F@db.example:5433/tokens', 'postgres://alice@db.example:5433/tokens'],
    ['postgres:///tokens?host=/run/sockets&password=hunter2', 'postgres:///tokens?host=/run/sockets'],
    ['postgres:///tokens?password=hunter2&password=hunter3', 'postgres:///tokens'],
    ['postgres:///tokens?%70assword=hunter2&user=a', 'postgres:///tokens?user=a'],
    ['postgres:///tokens?sslpassword=hunter2', 'postgres:///tokens'],
    ['postgres://alice@%2Frun%2Fsockets/tokens', 'postgres://alice@%2Frun%2Fsockets/tokens'],
    ['postgres://alice:hunter2@/tokens', 'postgres:///tokens?user=alice'],
    ['postgres://alice@/tokens?host=/run/sockets', 'postgres:///tokens?user=alice&host=/run/sockets'],
    ['postgres://[::1]:5433/tokens', 'postgres://[::1]:5433/tokens'],
  ])('%s is shown without a password: %s', (text, words) => {
    expect(shown(at(text))).toBe(words)
    expect(holdsPassword(at(text).url)).toBe(/hunter|h%2F/.test(text))
  })

  test.each([
    ['a+b', 'a+b'],
    ['a%2Bb%26c', 'a+b&c'],
    ['a%20b=c', 'a b=c'],
  ])('a parameter that is written %s is %j', (written, value) => {
    expect(parametersOf(at(`postgres:///tokens?password=${written}`).url)).toEqual([
      { name: 'password', value },
    ])
  })

  test('of a user without a host the name and the password are what they were', () => {
    expect(parametersOf(at('postgres://al%26ice:h+u&n=ter%402@/tokens?sslmode=require').url)).toEqual([
      { name: 'user', value: 'al&ice' },
      { name: 'password', value: 'h+u&n=ter@2' },
      { name: 'sslmode', value: 'require' },
    ])
  })

  test.each([
    ['a password with a / in it', 'postgres://alice:12/hunter2@db.example/tokens'],
    ['a password that begins with one', 'postgres://alice:/hunter2@db.example/tokens'],
    ['a password with a ? in it', 'postgres://alice:12?hunter2@db.example/tokens'],
    ['a password with a # in it', 'postgres://alice:12#hunter2@db.example/tokens'],
    ['a password with a % in it', 'postgres://alice:hunter2%@db.example/tokens'],
    ['a password with a space in it', 'postgres://alice:hun ter2@db.example/tokens'],
    ['a % in another place', 'postgres://alice@db.example/tokens?password=hunter2%zz'],
    ['the end of a text', 'postgres://alice@db.example/tokens%00hunter2'],
    ['a port that is none', 'postgres://alice:hunter2@db.example:x/tokens'],
    ['another database', 'mysql://alice:hunter2@db.example/tokens'],
  ])('is refused, and not repeated: %s', (_, text) => {
    let problem: unknown
    try {
      at(text)
    } catch (error) {
      problem = error
    }
    expect(problem).toMatchObject({ kind: 'usage' })
    expect(JSON.stringify([problem, String(problem)])).not.toMatch(/hun|ter2/)
  })
})

describe('the place of a store', () => {
  test.each([
    'postgres://h/d',
    '"postgres://h/d"',
    'postgres:/h/d',
    'postgres//u:p@h',
    'u:p@h/d',
    'host=h password=p',
  ])('%s is no path', (text) => {
    expect(isUrl(text)).toBe(true)
  })

  test.each([
    'postgres/tokens.db',
    '/srv/postgres/tokens.db',
    '/postgresql/a:b@c.db',
    './postgres',
    'passwords.db',
  ])('%s is a path', (text) => {
    expect(isUrl(text)).toBe(false)
  })
})
