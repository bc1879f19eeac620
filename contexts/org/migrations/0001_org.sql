-- Organisations, posts, people, accounts, roles and sign-in. Instants are microseconds since the epoch.

create table org_unit (
    id uuid primary key,
    version bigint not null,
    code text not null,
    name text not null,
    kind text not null check (kind in ('hq', 'region', 'branch', 'outlet', 'station', 'dealer', 'agent', 'supplier', 'department')),
    parent_id uuid references org_unit (id),
    region text not null,
    time_zone text not null,
    phone text not null,
    address text not null,
    active boolean not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (parent_id is null or parent_id <> id)
);
create unique index org_unit_code on org_unit (code);
create index org_unit_parent on org_unit (parent_id);

create table post (
    id uuid primary key,
    version bigint not null,
    org_id uuid not null references org_unit (id),
    name text not null,
    superior_id uuid references post (id),
    duties text not null,
    active boolean not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (superior_id is null or superior_id <> id)
);
create index post_org on post (org_id, name);
create index post_superior on post (superior_id);

create table staff (
    id uuid primary key,
    version bigint not null,
    no text not null,
    name text not null,
    org_id uuid not null references org_unit (id),
    post_id uuid references post (id),
    team text not null,
    grade bigint not null check (grade between 1 and 5),
    skills text not null,
    engineer boolean not null,
    phone text not null,
    email text not null,
    hired_on text,
    gender text not null check (gender in ('', 'female', 'male')),
    born_on text,
    id_no text not null,
    education text not null,
    contract_until text,
    active boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index staff_no on staff (no);
create index staff_org on staff (org_id, no);
create index staff_team on staff (org_id, team);
create index staff_post on staff (post_id);

create table app_user (
    id uuid primary key,
    version bigint not null,
    login text not null,
    name text not null,
    staff_id uuid references staff (id),
    org_id uuid not null references org_unit (id),
    email text not null,
    password text not null,
    must_change boolean not null,
    active boolean not null,
    signed_in_at bigint,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index app_user_login on app_user (login);
create unique index app_user_staff on app_user (staff_id);
create index app_user_org on app_user (org_id, login);

create table role (
    id uuid primary key,
    version bigint not null,
    code text not null,
    name text not null,
    note text not null,
    built_in boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index role_code on role (code);

create table role_grant (
    role_id uuid not null references role (id),
    perm_key text not null,
    reach text not null check (reach in ('own', 'team', 'posts', 'outlet', 'below', 'all')),
    primary key (role_id, perm_key)
);
create index role_grant_perm on role_grant (perm_key, role_id);

create table role_field (
    role_id uuid not null references role (id),
    kind text not null,
    shown text not null check (shown in ('absent', 'masked', 'full')),
    primary key (role_id, kind)
);

create table user_role (
    user_id uuid not null references app_user (id),
    role_id uuid not null references role (id),
    primary key (user_id, role_id)
);
create index user_role_role on user_role (role_id, user_id);

-- Permissions whose default grants were handed out once; what an administrator takes away stays away.
create table known_perm (perm_key text primary key);

create table acting (
    id uuid primary key,
    version bigint not null,
    absent_id uuid not null references staff (id),
    substitute_id uuid not null references staff (id),
    org_id uuid not null,
    from_at bigint not null,
    until_at bigint not null,
    reason text not null,
    ended_at bigint,
    created_by uuid not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (absent_id <> substitute_id and from_at < until_at)
);
create index acting_substitute on acting (substitute_id, until_at);
create index acting_absent on acting (absent_id, until_at);

-- Sessions, API tokens and one-time start links: only the hash of the secret is kept.
create table credential (
    id uuid primary key,
    kind text not null check (kind in ('session', 'token', 'start', 'second')),
    user_id uuid not null references app_user (id),
    hash text not null,
    label text not null,
    -- What a token may do: 'read_only' and permission keys, separated by spaces; empty: what its account may.
    scope text not null,
    ip text not null,
    user_agent text not null,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint,
    seen_at bigint not null
);
create unique index credential_hash on credential (hash);
create index credential_user on credential (user_id, created_at);
create index credential_expires on credential (expires_at);

-- The second factor of a sign-in (RFC 6238); unconfirmed while it is being set up. A code works once: `last_step`.
-- The key is sealed with the key of the installation, for this user.
create table second_factor (
    user_id uuid primary key references app_user (id),
    secret bytea not null,
    confirmed_at bigint,
    last_step bigint not null,
    created_at bigint not null
);

-- For lost telephones; only hashes, each works once.
create table recovery_code (
    user_id uuid not null references app_user (id),
    hash text not null,
    used_at bigint,
    primary key (user_id, hash)
);

-- What other contexts may join.
create view pub_staff as select id, no, name, org_id, team, grade, engineer, active, post_id from staff;
create view pub_post as select id, org_id, name, superior_id, active from post;
create view pub_user_role as
select u.id as user_id, u.staff_id, u.org_id, r.code
from user_role ur join app_user u on u.id = ur.user_id join role r on r.id = ur.role_id
where u.active;
create view pub_user as select id, login, name, staff_id, org_id, active from app_user;
create view pub_org as select id, code, name, kind, parent_id, region, active from org_unit;
