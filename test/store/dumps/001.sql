-- token: tkc_PbvcTPzd9jMyTntWJZ2tLtY7AeoAkcTeSwW8nBO2I4Y3lXyvU8nGKU21BWosC
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
  name_key text not null,
  built_in integer not null check (built_in in (0, 1)),
  created_at bigint not null,
  deleted_at bigint
);
CREATE TABLE role_permission (
  role_id integer not null references role (id),
  pattern text not null,
  primary key (role_id, pattern)
);
CREATE TABLE operator (
  id integer primary key,
  name text not null,
  name_key text not null,
  uid bigint,
  created_at bigint not null,
  disabled_at bigint,
  deleted_at bigint
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
  name_key text not null,
  scope text not null,
  -- Null for an operator's personal client, which acts with that operator's grants.
  role_id integer references role (id) check (role_id is not null or name like '@%'),
  created_at bigint not null,
  created_by text not null,
  disabled_at bigint,
  deleted_at bigint,
  -- Set while nobody has confirmed that its first token was delivered.
  provisional_since bigint
);
CREATE TABLE token (
  id text not null primary key,
  client_id integer not null references client (id),
  description text,
  lifetime bigint check (lifetime between 60 and 315360000),
  created_at bigint not null,
  disabled_at bigint,
  deleted_at bigint
);
CREATE TABLE secret (
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
  check (state <> 'dead' or dead_at is not null)
);
CREATE TABLE token_use (
  token_id text not null references token (id),
  digest text not null,
  last_used_at bigint not null,
  primary key (token_id, digest)
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
CREATE UNIQUE INDEX role_by_name on role (name_key) where deleted_at is null;
CREATE UNIQUE INDEX operator_by_name on operator (name_key) where deleted_at is null;
CREATE UNIQUE INDEX operator_by_uid on operator (uid) where deleted_at is null;
CREATE UNIQUE INDEX client_by_name on client (scope, name_key) where deleted_at is null;
CREATE INDEX token_by_client on token (client_id, created_at);
CREATE INDEX secret_by_token on secret (token_id);
CREATE UNIQUE INDEX secret_pending on secret (token_id) where state = 'pending';
CREATE UNIQUE INDEX secret_current on secret (token_id) where state = 'current';
CREATE UNIQUE INDEX secret_former on secret (token_id) where state = 'former';
insert into store values (1, '6be4f68575c54c0dbe3d9a7efb1eb428', 'tkc', 1795335378338);
insert into generation values (1, 11);
insert into role values (1, 'admin', 'admin', 1, 0, null);
insert into role values (2, 'auditor', 'auditor', 1, 0, null);
insert into role values (3, 'user', 'user', 1, 0, null);
insert into role values (4, 'analyst', 'analyst', 0, 1795335378483, null);
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
insert into operator values (1, 'root', 'root', 0, 1795335378338, null, null);
insert into operator_grant values (1, 1, 'cluster');
insert into client values (1, 'BI', 'bi', 'cluster', 3, 1795335378350, 'root', null, null, null);
insert into client values (2, 'JDBC', 'jdbc', 'cluster', 4, 1795335378605, 'root', null, null, null);
insert into client values (3, 'old', 'old', 'cluster', 3, 1795335379261, 'root', null, 1795335379384, null);
insert into token values ('tkc_PbvcTPzd9jMy', 1, 'the first', 31536000, 1795335378350, null, null);
insert into token values ('tkc_foNul99G7Ww1', 2, 'it''s JDBC', null, 1795335378605, 1795335379515, null);
insert into token values ('tkc_xPiZ0UGc1cby', 3, null, 31536000, 1795335379261, null, 1795335379384);
insert into secret values ('wQ0XxiNGpREBFS7dInqdoP3JPiV9T3eu07LF0RwTN58', 'tkc_PbvcTPzd9jMy', 'former', 1795335378351, 'root', 1826871378351, null, 1795335378354, 'stdout', 1797927378753, null);
insert into secret values ('5vv5H7SecmQ3N6G8cv95di7tdwhQrO4bu7EOmpSAxcg', 'tkc_foNul99G7Ww1', 'current', 1795335378606, 'root', null, null, 1795335378610, 'stdout', null, null);
insert into secret values ('Fr2Ezc3xJny4jg5qETvsnDzbDyOqmRAcL-VznfKQ2aM', 'tkc_PbvcTPzd9jMy', 'current', 1795335378748, 'root', 1826871378748, 2592000, 1795335378753, 'stdout', null, null);
insert into token_use values ('tkc_PbvcTPzd9jMy', 'Fr2Ezc3xJny4jg5qETvsnDzbDyOqmRAcL-VznfKQ2aM', 1795335378886);
insert into token_use values ('tkc_PbvcTPzd9jMy', 'wQ0XxiNGpREBFS7dInqdoP3JPiV9T3eu07LF0RwTN58', 1795335379016);
insert into token_use_day values ('tkc_PbvcTPzd9jMy', 20779, 2);
insert into jobs_connection values (1, 2);
insert into audit values (1, 1795335378338, 'operator', 'root', 0, 'root', 'init', '["6be4f68575c54c0dbe3d9a7efb1eb428"]', 'cluster', 'done', '{"tokenPrefix":"tkc","operator":"root"}', '6be4f68575c54c0dbe3d9a7efb1eb428', '6260c1add0180177880d600a7ecee1b4b0844a311008e5a4fae8f2249258f4c1');
insert into audit values (2, 1795335378352, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_PbvcTPzd9jMy"]', 'cluster', 'prepared', '{"role":"user","expiresAt":1826871378351}', '6260c1add0180177880d600a7ecee1b4b0844a311008e5a4fae8f2249258f4c1', '9663ae6de98910a296186c4c7a3add6520a5080b0e371499ade2eb335716ad1f');
insert into audit values (3, 1795335378354, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_PbvcTPzd9jMy"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '9663ae6de98910a296186c4c7a3add6520a5080b0e371499ade2eb335716ad1f', '78fc630152a457b1200f66d12d53786426146a23f3243ed3c118ee1f6e3fc708');
insert into audit values (4, 1795335378483, 'operator', 'root', 0, 'root', 'role create', '["analyst"]', 'cluster', 'done', '{"allow":["select:sales.*"]}', '78fc630152a457b1200f66d12d53786426146a23f3243ed3c118ee1f6e3fc708', 'ef33562ee7e07091da57f1c211b5ebd2b239c4a117e79a7f17c6970c23627b1f');
insert into audit values (5, 1795335378607, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_foNul99G7Ww1"]', 'cluster', 'prepared', '{"role":"analyst","expiresAt":null}', 'ef33562ee7e07091da57f1c211b5ebd2b239c4a117e79a7f17c6970c23627b1f', 'e3c416e37b2b62f58914ec7613bb4e27119650daa7213b2e77d889c73e213a8e');
insert into audit values (6, 1795335378611, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_foNul99G7Ww1"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', 'e3c416e37b2b62f58914ec7613bb4e27119650daa7213b2e77d889c73e213a8e', '9af67577c72d22dd07202da59cd314f08a0e302b092ec5c5b15e527c71315511');
insert into audit values (7, 1795335378750, 'operator', 'root', 0, 'root', 'token regenerate', '["BI","tkc_PbvcTPzd9jMy"]', 'cluster', 'prepared', '{"expiresAt":1826871378748,"overlapSeconds":2592000}', '9af67577c72d22dd07202da59cd314f08a0e302b092ec5c5b15e527c71315511', '1ec7c7cd696196376fce536191f99ef0d968fe29880ee347f9794db907f99f11');
insert into audit values (8, 1795335378754, 'operator', 'root', 0, 'root', 'token regenerate', '["BI","tkc_PbvcTPzd9jMy"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '1ec7c7cd696196376fce536191f99ef0d968fe29880ee347f9794db907f99f11', 'e979cf816bcd65cabf3aeb1abf724cfe7a5e717e1014815c306bb8dc493ac6c4');
insert into audit values (9, 1795335379140, 'operator', 'root', 0, 'root', 'jobs set-connection', '["JDBC"]', 'cluster', 'done', '{}', 'e979cf816bcd65cabf3aeb1abf724cfe7a5e717e1014815c306bb8dc493ac6c4', 'eff4fc94586f545cd8d1a59dc0980a9c9caa3a8828180d6584a920c8bcbd8354');
insert into audit values (10, 1795335379263, 'operator', 'root', 0, 'root', 'client create', '["old","tkc_xPiZ0UGc1cby"]', 'cluster', 'done', '{"role":"user"}', 'eff4fc94586f545cd8d1a59dc0980a9c9caa3a8828180d6584a920c8bcbd8354', 'f3c4a675486389f1c19e7e2270f263e5e8ccdb3c5744c932f16b21e086bf7327');
insert into audit values (11, 1795335379385, 'operator', 'root', 0, 'root', 'client delete', '["old","tkc_xPiZ0UGc1cby"]', 'cluster', 'done', '{}', 'f3c4a675486389f1c19e7e2270f263e5e8ccdb3c5744c932f16b21e086bf7327', '3c4df9da8177d8c39690236612bb8cfc40ad40c96175cc168d6d6d65f4e3bb7d');
insert into audit values (12, 1795335379515, 'operator', 'root', 0, 'root', 'token disable', '["JDBC","tkc_foNul99G7Ww1"]', 'cluster', 'done', '{}', '3c4df9da8177d8c39690236612bb8cfc40ad40c96175cc168d6d6d65f4e3bb7d', '141da8620bdc26424417035777f3760601a93decfbe38cd9300c950d899dbbab');
