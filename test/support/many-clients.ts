const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/**
 * Statements that fill a store, on either engine, with so many clients of one token each. Of most kinds there are few:
 * about one in a thousand is pending, disabled, expired, and so on; every hundredth is in `acme`, as many in `acme/etl`.
 */
export function manyClients(count: number, now: number): string[] {
  const numbers = `with recursive number (i) as (select cast(1 as bigint) union all select i + 1 from number where i < ${count})`
  const created = `${now} - ${365 * DAY} + i * ${MINUTE}`
  const id = `substr('tkc_000000000000', 1, 16 - length(cast(i as text))) || cast(i as text)`
  const deleted = `case when i % 991 = 0 then ${now} end`
  return [
    `insert into role (id, name, name_key, built_in, created_at) values (4, 'rare', 'rare', 0, 0)`,
    `${numbers} insert into client (id, name, name_key, scope, role_id, created_at, created_by, disabled_at, deleted_at,
       provisional_since)
     select i, 'Client-' || cast(i as text), 'client-' || cast(i as text),
       case i % 100 when 1 then 'acme' when 2 then 'acme/etl' when 3 then 'acme-x' else 'cluster' end,
       case when i % 983 = 0 then 4 else 3 end, ${created}, 'tester',
       case when i % 997 = 0 then ${now} end, ${deleted}, case when i % 977 = 0 then ${now} end
     from number`,
    `${numbers} insert into token (id, client_id, lifetime, created_at, created_by, disabled_at, deleted_at, activated_at)
     select ${id}, i, ${365 * 24 * 3600}, ${created}, 'tester',
       case when i % 971 = 0 then ${now} end, ${deleted}, case when i % 967 <> 0 then ${created} end
     from number`,
    `${numbers} insert into secret (digest, token_id, state, made_at, made_by, expires_at, activated_at, delivered_to,
       dead_at)
     select 'digest-' || cast(i as text), ${id}, case when i % 991 = 0 then 'dead' else 'current' end, ${created},
       'tester',
       case when i % 10 = 0 then null when i % 953 = 0 then ${now - DAY} when i % 947 = 0 then ${now + DAY}
         else ${now + 100 * DAY} + i * ${MINUTE} end,
       ${created}, 'stdout', ${deleted}
     from number where i % 967 <> 0`,
    `${numbers} insert into token_use (token_id, digest, last_used_at)
     select ${id}, 'digest-' || cast(i as text), ${now} - case when i % 941 = 0 then ${200 * DAY} else i end
     from number where i % 967 <> 0 and i % 937 <> 0`,
    `insert into token_idle (token_id, since)
     select token.id, coalesce(max(token_use.last_used_at), token.created_at)
     from token left join token_use on token_use.token_id = token.id group by token.id, token.created_at`,
    'insert into jobs_connection (one, client_id) values (1, 5)',
  ]
}
