/**
 * Frozen: a store made by it is out there. What comes later is a migration of its own.
 *
 * In the dialect that SQLite and PostgreSQL share: hence `bigint` for times, which are milliseconds UTC, and `not null` on
 * primary keys, which SQLite alone would let be null. `name_key` is core's `nameKey`, no database's idea of lower case.
 */
export const first = `
create table store (
  one integer primary key check (one = 1),
  id text not null,
  token_prefix text not null,
  created_at bigint not null
);

-- Bumped by every administrative write; a cached verdict is good only for the generation it was made in.
create table generation (
  one integer primary key check (one = 1),
  value bigint not null
);
insert into generation (one, value) values (1, 0);

create table role (
  id integer primary key,
  name text not null,
  name_key text not null,
  built_in integer not null check (built_in in (0, 1)),
  created_at bigint not null,
  deleted_at bigint
);
create unique index role_by_name on role (name_key) where deleted_at is null;

create table role_permission (
  role_id integer not null references role (id),
  pattern text not null,
  primary key (role_id, pattern)
);

insert into role (id, name, name_key, built_in, created_at) values
  (1, 'admin', 'admin', 1, 0),
  (2, 'auditor', 'auditor', 1, 0),
  (3, 'user', 'user', 1, 0);
insert into role_permission (role_id, pattern) values
  (1, '*:*'),
  (1, '*:tokenctl/*'),
  (2, 'list:tokenctl/*'),
  (2, 'show:tokenctl/*'),
  (2, 'get:tokenctl/*'),
  (2, 'info:tokenctl/*'),
  (2, 'check:tokenctl/*'),
  (2, 'forecast:tokenctl/*'),
  (2, 'identify:tokenctl/*'),
  (2, 'show-connection:tokenctl/jobs'),
  (2, 'verify:tokenctl/audit'),
  (2, 'export:tokenctl/audit'),
  (3, '*:tokenctl/own-token');

create table operator (
  id integer primary key,
  name text not null,
  name_key text not null,
  uid bigint,
  created_at bigint not null,
  disabled_at bigint,
  deleted_at bigint
);
create unique index operator_by_name on operator (name_key) where deleted_at is null;
create unique index operator_by_uid on operator (uid) where deleted_at is null;

create table operator_grant (
  operator_id integer not null references operator (id),
  role_id integer not null references role (id),
  scope text not null,
  primary key (operator_id, role_id, scope)
);

create table client (
  id integer primary key,
  name text not null,
  name_key text not null,
  scope text not null,
  role_id integer references role (id),
  -- Of an operator's personal client, which has no role and acts with that operator's grants.
  operator_id integer references operator (id),
  created_at bigint not null,
  created_by text not null,
  disabled_at bigint,
  deleted_at bigint,
  -- Set while nobody has confirmed that its first token was delivered.
  provisional_since bigint,
  check ((role_id is null) = (operator_id is not null))
);
create unique index client_by_name on client (scope, name_key) where deleted_at is null;

create table token (
  id text not null primary key,
  client_id integer not null references client (id),
  description text,
  lifetime bigint check (lifetime between 60 and 315360000),
  created_at bigint not null,
  created_by text not null,
  disabled_at bigint,
  deleted_at bigint
);
create index token_by_client on token (client_id, created_at);

-- Dead secrets stay, so that a found one can still be named.
create table secret (
  digest text not null primary key,
  token_id text not null references token (id),
  state text not null check (state in ('pending', 'current', 'former', 'dead')),
  made_at bigint not null,
  made_by text not null,
  expires_at bigint,
  overlap bigint check (overlap between 60 and 315360000),
  activated_at bigint,
  delivered_to text,
  former_until bigint,
  dead_at bigint,
  check (state not in ('current', 'former') or activated_at is not null),
  check (state <> 'former' or former_until is not null),
  check (state <> 'pending' or (activated_at is null and former_until is null)),
  check ((state = 'dead') = (dead_at is not null))
);
create index secret_by_token on secret (token_id);
create unique index secret_pending on secret (token_id) where state = 'pending';
create unique index secret_current on secret (token_id) where state = 'current';
create unique index secret_former on secret (token_id) where state = 'former';

-- Narrow and apart, so that a use never touches the rows and indexes of the tokens.
create table token_use (
  token_id text not null references token (id),
  digest text not null,
  last_used_at bigint not null,
  primary key (token_id, digest)
);
create table token_use_day (
  token_id text not null references token (id),
  -- Days since 1970, UTC.
  day integer not null,
  uses bigint not null,
  primary key (token_id, day)
);

create table jobs_connection (
  one integer primary key check (one = 1),
  client_id integer not null references client (id)
);

create table audit (
  sequence bigint not null primary key check (sequence >= 1),
  at bigint not null,
  actor_kind text not null,
  actor text not null,
  os_uid bigint not null,
  os_name text,
  action text not null,
  targets text not null,
  scope text not null,
  outcome text not null,
  details text not null,
  -- One chain: no entry has two successors.
  previous_hash text not null unique,
  hash text not null unique
);
`
