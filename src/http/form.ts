import { Fault } from './message.ts'

const FORM = /^application\/x-www-form-urlencoded[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i

export const isForm = (contentType: string | null): boolean => FORM.test(contentType ?? '')

/** Parameters by their names. A repeated one is refused (RFC 6749, 3.2): of two, each reader may take another. @throws Fault */
export function formOf(body: Uint8Array): ReadonlyMap<string, string> {
  const form = new Map<string, string>()
  for (const part of textOf(body).split('&')) {
    if (part === '') continue
    const [name = '', value = ''] = part.split(/=(.*)/s).map(decoded)
    if (form.has(name)) throw new Fault(400, 'a parameter that is repeated')
    form.set(name, value)
  }
  return form
}

/** What is not ASCII is percent-encoded in a form. */
function textOf(body: Uint8Array): string {
  if (body.some((byte) => byte < 0x20 || byte > 0x7e)) throw new Fault(400, 'not a form')
  return new TextDecoder().decode(body)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Fault(400, 'not a form')
  }
}
