import { Problem } from '../core/problem.ts'

/** Where a server listens. */
export type ListenAddress =
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  | { readonly kind: 'socket'; readonly path: string }

/** A name or an address, one of IPv6 in brackets, and a port. */
const HOST_AND_PORT =
  /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)):([0-9]{1,5})$/
const SOCKET = 'unix:'
/** As much as the system takes (unix(7)); of a longer one it would take the beginning. */
const LONGEST_PATH = 107

/** @throws Problem `usage`, naming the rule */
export function checkListenAddress(text: string): ListenAddress {
  if (text.startsWith(SOCKET)) return { kind: 'socket', path: checkSocketPath(text.slice(SOCKET.length)) }
  const [, address, name, digits = ''] = HOST_AND_PORT.exec(text) ?? []
  const host = address ?? name
  const port = Number(digits)
  if (host !== undefined && port <= 65_535) return { kind: 'port', host, port }
  throw notAnAddress('not where a server can listen')
}

function checkSocketPath(path: string): string {
  if (path === '' || path.includes('\0')) throw notAnAddress('not the path of a socket')
  if (new TextEncoder().encode(path).length > LONGEST_PATH) {
    throw notAnAddress(`the path of a socket has ${LONGEST_PATH} bytes at most`)
  }
  return path
}

/** What was typed is not repeated: somebody may have taken the option for another one. */
const notAnAddress = (cause: string): Problem =>
  new Problem('usage', cause, '--listen takes HOST:PORT, such as 127.0.0.1:8420 or [::1]:8420, or unix:/path')

/** Octal, as of chmod. @throws Problem `usage`, naming the rule */
export function checkSocketMode(text: string): number {
  if (/^0?[0-7]{3}$/.test(text)) return parseInt(text, 8)
  throw new Problem('usage', 'not a mode of a socket', '--socket-mode takes three octal digits, such as 660')
}
