/** What lists filter and sort by, and the passwords of operators. */
export const listsAndPasswords = `
alter table operator add column password_hash text;

-- When a token's first secret became the current one; null: it is pending still.
alter table token add column activated_at bigint;
update token set activated_at = (
  select min(secret.activated_at) from secret where secret.token_id = token.id
);

-- Since when nothing has been heard of a token: its last use, or its making. One row each, whatever secrets it had.
create table token_idle (
  token_id text not null primary key references token (id),
  since bigint not null
);
insert into token_idle (token_id, since) select id, created_at from token;
update token_idle set since = (
  select max(token_use.last_used_at) from token_use where token_use.token_id = token_idle.token_id
)
where exists (
  select 1 from token_use
  where token_use.token_id = token_idle.token_id and token_use.last_used_at > token_idle.since
);
create index token_idle_since on token_idle (since);

-- In the order of lists, and by what chooses a part of them. The deleted are passed over inside the index.
create index client_by_key on client (name_key, scope, deleted_at);
create index client_by_role on client (role_id, name_key, scope, deleted_at);
create index client_by_scope on client (scope);
create index client_by_age on client (created_at, deleted_at);
create index token_by_age on token (created_at, deleted_at);

-- Of what few have, those who have it.
create index client_deleted on client (deleted_at) where deleted_at is not null;
create index client_disabled on client (disabled_at) where disabled_at is not null and deleted_at is null;
create index client_provisional on client (provisional_since) where provisional_since is not null and deleted_at is null;
create index token_deleted on token (deleted_at) where deleted_at is not null;
create index token_disabled on token (disabled_at) where disabled_at is not null and deleted_at is null;
create index token_pending on token (activated_at) where activated_at is null and deleted_at is null;
create index secret_by_expiry on secret (expires_at) where state = 'current';
`
