/** Who may do what: where things belong, who is logged in, whose a personal client is, and the policy of the store. */
export const operators = `
-- Organizations (acme) and groups in them (acme/etl), by their whole names; the cluster is no row.
create table scope (
  id integer primary key,
  name text not null,
  name_key text not null,
  created_at bigint not null,
  created_by text not null,
  deleted_at bigint
);
create unique index scope_by_name on scope (name_key) where deleted_at is null;

-- Who made an operator; null: the founding of the store.
alter table operator add column created_by text;

-- An operator has one personal client at most, called by the operator's name behind an @.
create unique index client_by_operator on client (operator_id) where operator_id is not null and deleted_at is null;

-- By the digest of what the operator's session file holds.
create table session (
  digest text not null primary key,
  operator_id integer not null references operator (id),
  made_at bigint not null,
  used_at bigint not null
);
create index session_by_operator on session (operator_id);

-- Failed logins in a row, by a hash of the name: what is typed as a name may have been meant as a password.
create table login_attempt (
  name_hash text not null primary key,
  failures bigint not null check (failures >= 1),
  last_at bigint not null
);
create index login_attempt_by_age on login_attempt (last_at);

-- What differs from the defaults.
create table setting (
  name text not null primary key,
  value text not null
);
`
