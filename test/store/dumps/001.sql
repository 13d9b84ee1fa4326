-- token: tkc_SBN3kLeOqoRvsEUxnJftxpfoCxbmgVeVftdvjL3AoJry6vIrZsPBZJ11PnWow
pragma application_id = 1953459043;
pragma user_version = 1;
CREATE TABLE store (
  one integer primary key check (one = 1),
  id text not null,
  token_prefix text not null,
  created_at bigint not null
);
CREATE TABLE generation (
  one integer primary key check (one = 1),
  value bigint not null
);
CREATE TABLE role (
  id integer primary key,
  name text not null,
  name_key text not null check (name_key = lower(name)),
  built_in integer not null check (built_in in (0, 1)),
  created_at bigint not null
);
CREATE TABLE role_permission (
  role_id integer not null references role (id),
  pattern text not null,
  primary key (role_id, pattern)
);
CREATE TABLE operator (
  id integer primary key,
  name text not null,
  name_key text not null check (name_key = lower(name)),
  uid bigint,
  created_at bigint not null,
  disabled_at bigint
);
CREATE TABLE operator_grant (
  operator_id integer not null references operator (id),
  role_id integer not null references role (id),
  scope text not null,
  primary key (operator_id, role_id, scope)
);
CREATE TABLE client (
  id integer primary key,
  name text not null,
  name_key text not null check (name_key = lower(name)),
  scope text not null,
  role_id integer not null references role (id),
  created_at bigint not null,
  created_by text not null,
  disabled_at bigint,
  deleted_at bigint,
  -- Set while nobody has confirmed that its first token was delivered.
  provisional_since bigint
);
CREATE TABLE token (
  id text primary key,
  client_id integer not null references client (id),
  description text,
  lifetime bigint check (lifetime between 60 and 315360000),
  created_at bigint not null,
  disabled_at bigint,
  deleted_at bigint
);
CREATE TABLE secret (
  digest text primary key,
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
  check (state <> 'dead' or dead_at is not null)
);
CREATE TABLE token_use (
  token_id text primary key references token (id),
  digest text not null,
  last_used_at bigint not null
);
CREATE TABLE token_use_day (
  token_id text not null references token (id),
  -- Days since 1970, UTC.
  day integer not null,
  uses bigint not null,
  primary key (token_id, day)
);
CREATE TABLE jobs_connection (
  one integer primary key check (one = 1),
  client_id integer not null references client (id)
);
CREATE TABLE audit (
  sequence bigint primary key,
  at bigint not null,
  actor_kind text not null check (actor_kind in ('operator', 'token')),
  actor text not null,
  os_uid bigint not null,
  os_name text,
  action text not null,
  targets text not null,
  scope text not null,
  outcome text not null check (outcome in ('done', 'denied', 'prepared', 'delivered', 'dropped')),
  details text not null,
  previous_hash text not null,
  hash text not null
);
CREATE UNIQUE INDEX role_by_name on role (name_key);
CREATE UNIQUE INDEX operator_by_name on operator (name_key);
CREATE UNIQUE INDEX operator_by_uid on operator (uid);
CREATE UNIQUE INDEX client_by_name on client (scope, name_key) where deleted_at is null;
CREATE INDEX token_by_client on token (client_id, created_at);
CREATE INDEX secret_by_token on secret (token_id);
CREATE UNIQUE INDEX secret_pending on secret (token_id) where state = 'pending';
CREATE UNIQUE INDEX secret_current on secret (token_id) where state = 'current';
CREATE UNIQUE INDEX secret_former on secret (token_id) where state = 'former';
insert into store values (1, '417e172fce73f4b88aee5e51134600c5', 'tkc', 1795332455481);
insert into generation values (1, 11);
insert into role values (1, 'admin', 'admin', 1, 0);
insert into role values (2, 'auditor', 'auditor', 1, 0);
insert into role values (3, 'user', 'user', 1, 0);
insert into role values (4, 'analyst', 'analyst', 0, 1795332455604);
insert into role_permission values (1, '*:*');
insert into role_permission values (1, '*:tokenctl/*');
insert into role_permission values (2, 'list:tokenctl/*');
insert into role_permission values (2, 'show:tokenctl/*');
insert into role_permission values (2, 'get:tokenctl/*');
insert into role_permission values (2, 'info:tokenctl/*');
insert into role_permission values (2, 'check:tokenctl/*');
insert into role_permission values (2, 'forecast:tokenctl/*');
insert into role_permission values (2, 'identify:tokenctl/*');
insert into role_permission values (2, 'show-connection:tokenctl/jobs');
insert into role_permission values (2, 'verify:tokenctl/audit');
insert into role_permission values (2, 'export:tokenctl/audit');
insert into role_permission values (3, '*:tokenctl/own-token');
insert into role_permission values (4, 'select:sales.*');
insert into operator values (1, 'root', 'root', 0, 1795332455481, null);
insert into operator_grant values (1, 1, 'cluster');
insert into client values (1, 'BI', 'bi', 'cluster', 3, 1795332455493, 'root', null, null, null);
insert into client values (2, 'old', 'old', 'cluster', 3, 1795332456238, 'root', null, 1795332456375, null);
insert into client values (3, 'JDBC', 'jdbc', 'cluster', 4, 1795332469092, 'root', null, null, null);
insert into token values ('tkc_SBN3kLeOqoRv', 1, null, 31536000, 1795332455493, null, null);
insert into token values ('tkc_bQi7ccxEtNxg', 2, null, 31536000, 1795332456238, null, 1795332456375);
insert into token values ('tkc_ps2xoLmzdBBD', 3, 'it''s JDBC', null, 1795332469092, 1795332469420, null);
insert into secret values ('9GA50t3j2bosX_htnrRk60rE6xM9zftf2fTkMfIROR4', 'tkc_SBN3kLeOqoRv', 'former', 1795332455493, 'root', 1826868455493, null, 1795332455497, 'stdout', 1797924455821, null);
insert into secret values ('BUoJZQftzbHBd_sjaYPSn-pF23CBkCCOtomZNmpgbw4', 'tkc_SBN3kLeOqoRv', 'current', 1795332455815, 'root', 1826868455815, 2592000, 1795332455821, 'stdout', null, null);
insert into secret values ('8CZjjwUlZal9aV8pOk52xkyqKCF0MCFEavbLwpAH1Ks', 'tkc_ps2xoLmzdBBD', 'current', 1795332469094, 'root', null, null, 1795332469098, 'stdout', null, null);
insert into token_use values ('tkc_SBN3kLeOqoRv', 'BUoJZQftzbHBd_sjaYPSn-pF23CBkCCOtomZNmpgbw4', 1795332455976);
insert into token_use_day values ('tkc_SBN3kLeOqoRv', 20779, 1);
insert into jobs_connection values (1, 3);
insert into audit values (1, 1795332455481, 'operator', 'root', 0, 'root', 'init', '["417e172fce73f4b88aee5e51134600c5"]', 'cluster', 'done', '{"tokenPrefix":"tkc","operator":"root"}', '417e172fce73f4b88aee5e51134600c5', '58b0c271f3e40f7910dbe9d1262fc578cd5c99cc192d71160ac0c05e03764363');
insert into audit values (2, 1795332455494, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_SBN3kLeOqoRv"]', 'cluster', 'prepared', '{"role":"user","expiresAt":1826868455493}', '58b0c271f3e40f7910dbe9d1262fc578cd5c99cc192d71160ac0c05e03764363', 'f8b9354ae2245b57c5a76f4f74bfa23d19d67d71a9d4dce4c7edacb573c26ca5');
insert into audit values (3, 1795332455497, 'operator', 'root', 0, 'root', 'client create', '["tkc_SBN3kLeOqoRv"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', 'f8b9354ae2245b57c5a76f4f74bfa23d19d67d71a9d4dce4c7edacb573c26ca5', 'aa4a69d46d2b59db391c6a7317f8fcfca520bd5dc7f162b519012988315d8fca');
insert into audit values (4, 1795332455604, 'operator', 'root', 0, 'root', 'role create', '["analyst"]', 'cluster', 'done', '{"allow":["select:sales.*"]}', 'aa4a69d46d2b59db391c6a7317f8fcfca520bd5dc7f162b519012988315d8fca', '88d615e221ee602ccf469ec30c870d5e4a36cca99c2701ef59eb3c0f397a3611');
insert into audit values (5, 1795332455817, 'operator', 'root', 0, 'root', 'token regenerate', '["tkc_SBN3kLeOqoRv"]', 'cluster', 'prepared', '{"expiresAt":1826868455815,"overlapSeconds":2592000}', '88d615e221ee602ccf469ec30c870d5e4a36cca99c2701ef59eb3c0f397a3611', '71a286688c85305ac7be331e2eee98f5c32bdb9afa83af5c4a3b65ff444b132d');
insert into audit values (6, 1795332455822, 'operator', 'root', 0, 'root', 'token regenerate', '["tkc_SBN3kLeOqoRv"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '71a286688c85305ac7be331e2eee98f5c32bdb9afa83af5c4a3b65ff444b132d', 'da600c826a81a57141dff3142dd23c8794c4819322402df5e9018c485c1ae703');
insert into audit values (7, 1795332456241, 'operator', 'root', 0, 'root', 'client create', '["old","tkc_bQi7ccxEtNxg"]', 'cluster', 'done', '{"role":"user"}', 'da600c826a81a57141dff3142dd23c8794c4819322402df5e9018c485c1ae703', 'b284003986f73b9d82a4c561702811d0d1befd8b7e41e7c82f45ae0406d7b8f3');
insert into audit values (8, 1795332456375, 'operator', 'root', 0, 'root', 'client delete', '["old","tkc_bQi7ccxEtNxg"]', 'cluster', 'done', '{}', 'b284003986f73b9d82a4c561702811d0d1befd8b7e41e7c82f45ae0406d7b8f3', 'd8f807862f5daafa684e90d0be6fe84ed3fb88949e702861547ebf3a20496bed');
insert into audit values (9, 1795332469095, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_ps2xoLmzdBBD"]', 'cluster', 'prepared', '{"role":"analyst","expiresAt":null}', 'd8f807862f5daafa684e90d0be6fe84ed3fb88949e702861547ebf3a20496bed', '66c03434b982597800ad03f288f10f7fcf42fb1ea2143a26a0a2b52d4fa577f0');
insert into audit values (10, 1795332469098, 'operator', 'root', 0, 'root', 'client create', '["tkc_ps2xoLmzdBBD"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '66c03434b982597800ad03f288f10f7fcf42fb1ea2143a26a0a2b52d4fa577f0', '6b61dff2fd6f76fd18a5620ca92853cdfc9e5c36e2092c7ac7f7f7c9f994b8c3');
insert into audit values (11, 1795332469249, 'operator', 'root', 0, 'root', 'jobs set-connection', '["JDBC"]', 'cluster', 'done', '{}', '6b61dff2fd6f76fd18a5620ca92853cdfc9e5c36e2092c7ac7f7f7c9f994b8c3', 'e8313ea23709e692afdae55ee9284db727f65151f8b4321078ee45b0a2af06e5');
insert into audit values (12, 1795332469420, 'operator', 'root', 0, 'root', 'token disable', '["tkc_ps2xoLmzdBBD"]', 'cluster', 'done', '{}', 'e8313ea23709e692afdae55ee9284db727f65151f8b4321078ee45b0a2af06e5', '0ebf095b45ff715af18201241287795589051a3917d83f2677e9d5357fc64c4d');
