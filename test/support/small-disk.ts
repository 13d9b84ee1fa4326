import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PostgresServer } from './postgres.ts'

/** A server that has a part of its data on a disk of its own, which can be full. */
export class ServerWithSmallDisk {
  readonly server: PostgresServer
  readonly #part: string

  /** @param part `base`, where the tables are, or `pg_wal`; @param size as mount takes it */
  static async start(part: string, size: string): Promise<ServerWithSmallDisk> {
    const folder = mkdtempSync(join(tmpdir(), 'tokenctl-postgres-'))
    const around = [...WAY, 'sh', '-c', DISK, join(folder, part), size]
    // One that has given up stays down; and it keeps no room for later.
    const settings = { restart_after_crash: 'off', fsync: 'off', wal_recycle: 'off', min_wal_size: '32MB' }
    return new ServerWithSmallDisk(await PostgresServer.start({ folder, around, settings }), part)
  }

  private constructor(server: PostgresServer, part: string) {
    this.server = server
    this.#part = part
  }

  /** To the last byte. */
  async fill(): Promise<void> {
    await this.#there('cat /dev/zero > filler 2> /dev/null')
  }

  async free(): Promise<void> {
    await this.#there('rm filler')
  }

  /** The server itself does it: nobody else sees its disk. */
  async #there(command: string): Promise<void> {
    await this.server.query('postgres', `copy (select 1) to program 'cd ${this.#part}; ${command}; true'`)
  }
}

/** Whoever it is stays who they are, and may mount what nobody else sees. */
const WAY = ['unshare', '--map-current-user', '--keep-caps', '--mount']

/** The disk lasts as long as the server: in between, all but the filler is kept beside it. */
const DISK = `
set -e
disk=$0; size=$1; shift
[ -d "$disk.kept" ] || cp -a "$disk" "$disk.kept"
mount -t tmpfs -o "size=$size,mode=700" none "$disk"
cp -a "$disk.kept/." "$disk"
"$@" || code=$?
rm -rf "$disk/filler" "$disk.kept"
cp -a "$disk" "$disk.kept"
exit "\${code:-0}"`
