import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Wish {
  readonly name: string
  /** Other names, as OpenSSL writes them: `DNS:db.example`. */
  readonly also?: string
  readonly isExpired?: boolean
}

/** Its certificate is its own, and it makes them for others. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tokenctl-certificates-'))
  #count = 0

  constructor(name: string) {
    this.#openssl('req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.crt', ...subject(name))
  }

  get certificate(): string {
    return this.#text('ca.crt')
  }

  make({ name, also, isExpired = false }: Wish): { readonly certificate: string; readonly key: string } {
    const file = String(++this.#count)
    const extension = also === undefined ? [] : ['-addext', `subjectAltName=${also}`]
    const request = ['req', ...NEW_KEY, '-keyout', `${file}.key`, '-out', `${file}.csr`]
    this.#openssl(...request, ...subject(name), ...extension)
    const signed = ['x509', '-req', '-in', `${file}.csr`, '-out', `${file}.crt`, '-copy_extensions', 'copy']
    const days = isExpired ? '-1' : '1'
    this.#openssl(...signed, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days)
    return { certificate: this.#text(`${file}.crt`), key: this.#text(`${file}.key`) }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #openssl(...words: string[]): void {
    execFileSync('openssl', words, { cwd: this.#folder, stdio: 'pipe' })
  }

  #text(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8')
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const subject = (name: string): string[] => ['-subj', `/CN=${name}`]
