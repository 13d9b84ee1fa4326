import { describe, expect, test } from '@jest/globals'
import { checkListenAddress, checkSocketMode } from '../../src/http/listen-address.ts'

describe('where to listen', () => {
  test.each([
    ['127.0.0.1:8420', '127.0.0.1', 8420],
    ['localhost:0', 'localhost', 0],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['[::1]:8420', '::1', 8420],
    ['[::]:1', '::', 1],
    ['[fe80::1%eth0]:80', 'fe80::1%eth0', 80],
    ['auth-1.example.com:443', 'auth-1.example.com', 443],
  ])('%s', (text, host, port) => {
    expect(checkListenAddress(text)).toEqual({ kind: 'port', host, port })
  })

  test.each(['/run/tokenctl/verify.sock', 'relative', `/${'x'.repeat(106)}`])('unix:%s', (path) => {
    expect(checkListenAddress(`unix:${path}`)).toEqual({ kind: 'socket', path })
  })

  test.each([
    '',
    '8420',
    ':8420',
    'localhost',
    'localhost:',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '127.0.0.1:+1',
    '127.0.0.1:1e3',
    '127.0.0.1: 80',
    ' 127.0.0.1:80',
    '::1:8420',
    '[::1]',
    '[]:80',
    '[localhost]:80',
    'http://localhost:80',
    'a b:80',
    'a\n:80',
    '-a:80',
    'a-:80',
    'unix:',
    'unix:a\0b',
    `unix:/${'x'.repeat(107)}`,
    `unix:/${'é'.repeat(54)}`,
    '*:80',
    '/run/x.sock',
    'ετλ:80',
    '127.0.0.1:٣٠',
  ])('not %j', (text) => {
    expect(() => checkListenAddress(text)).toThrow(/^not |^the path of a socket/)
  })

  test.each([
    ['600', 0o600],
    ['0660', 0o660],
    ['666', 0o666],
  ])('mode %s', (text, mode) => {
    expect(checkSocketMode(text)).toBe(mode)
  })

  test.each(['', '6', '66', '680', '1660', '00660', 'u=rw', '-660', '6e2', '660 '])('not mode %j', (text) => {
    expect(() => checkSocketMode(text)).toThrow('not a mode of a socket')
  })
})
