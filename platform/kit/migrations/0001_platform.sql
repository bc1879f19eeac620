-- Mechanisms of the platform. Instants are microseconds since the epoch, JSON is text (docs/adr/0001).
-- SQLite keeps a table with a uuid for its key twice, as rows by number and as an index over the key; small rows that
-- are written often are kept once, in the key's order (`without rowid`).

-- Rows are only ever added. `seq` is their order and what blocks are ranges of.
create table audit (
    -- @sqlite
    seq integer primary key,
    -- @end
    -- @postgres
    seq bigint generated always as identity primary key,
    -- @end
    id uuid not null,
    at bigint not null,
    command text not null,
    user_id uuid not null,
    user_name text not null,
    on_behalf uuid,
    ip text not null,
    doc_kind text not null,
    doc_id uuid not null,
    doc_no text not null,
    action text not null,
    detail text not null,
    mac bytea not null
);
create index audit_doc on audit (doc_id, seq);
create index audit_user on audit (user_id, seq);
create index audit_at on audit (at);

-- A block is the rows up to last_seq that no earlier block has; without size and mac while it settles.
create table audit_block (
    number bigint primary key,
    last_seq bigint not null,
    size bigint,
    mac bytea,
    at bigint not null
);

create table idempotency (
    user_id uuid not null,
    idem_key text not null,
    hash text not null,
    output text not null,
    at bigint not null,
    primary key (user_id, idem_key)
);
create index idempotency_at on idempotency (at);

create table job (
    id uuid primary key,
    kind text not null,
    lane text not null,
    payload text not null,
    state text not null check (state in ('ready', 'running', 'done', 'dead', 'cancelled')),
    run_at bigint not null,
    started_at bigint,
    finished_at bigint,
    attempts bigint not null default 0,
    done bigint not null default 0,
    total bigint not null default 0,
    error text,
    created_by uuid,
    created_at bigint not null
)
-- @sqlite
without rowid
-- @end
;
create index job_ready on job (lane, run_at, id) where state = 'ready';
create index job_running on job (started_at) where state = 'running';
create index job_finished on job (finished_at) where state = 'done';

create table schedule (name text primary key, next_at bigint not null);

create table timer (
    id uuid primary key,
    doc_kind text not null,
    doc_id uuid not null,
    org_id uuid not null,
    zone text not null,
    kind text not null,
    span text not null,
    started_at bigint not null,
    due_at bigint,
    warn_at bigint,
    next_at bigint,
    pauses text not null,
    state text not null check (state in ('open', 'paused', 'met', 'late', 'cancelled')),
    ended_at bigint,
    breached_at bigint,
    warned_at bigint
)
-- @sqlite
without rowid
-- @end
;
create index timer_doc on timer (doc_id, started_at);
create index timer_next on timer (next_at) where state = 'open';

create table doc_number (
    prefix text not null,
    day text not null,
    last bigint not null,
    primary key (prefix, day)
);

create table setting (
    id uuid primary key,
    key text not null,
    org_id uuid not null,
    valid_from bigint not null,
    value text not null
);
create index setting_key on setting (key, org_id, valid_from);

create table attachment (
    id uuid primary key,
    doc_kind text not null,
    doc_id uuid not null,
    org_id uuid not null,
    name text not null,
    mime text not null,
    size bigint not null,
    sha256 text not null,
    label text not null,
    thumb boolean not null,
    created_by uuid,
    created_at bigint not null,
    -- taken back: kept, but shown nowhere
    voided_at bigint
);
create index attachment_doc on attachment (doc_kind, doc_id, created_at);

create table comment (
    id uuid primary key,
    doc_kind text not null,
    doc_id uuid not null,
    user_id uuid not null,
    user_name text not null,
    text text not null,
    at bigint not null,
    voided_at bigint
);
create index comment_doc on comment (doc_kind, doc_id, at);

create table notification (
    id uuid primary key,
    user_id uuid not null,
    title text not null,
    detail text not null,
    href text not null,
    at bigint not null,
    read_at bigint
);
create index notification_user on notification (user_id, at);
create index notification_unread on notification (user_id) where read_at is null;

-- What is told to open browsers; rows live two minutes (kit::live).
create table live_message (
    id uuid primary key,
    user_id uuid not null,
    kind text not null,
    payload text not null,
    at bigint not null
);
create index live_message_at on live_message (at, id);
create index live_message_user on live_message (user_id, at);

-- Where mails of a user go; the context that owns people keeps it.
-- Where mails of a user go, and in which language: that of the last sign-in.
create table mail_address (user_id uuid primary key, address text not null, lang text not null default 'zh-CN');

create table message_log (
    id uuid primary key,
    channel text not null,
    user_id uuid not null,
    subject text not null,
    at bigint not null
);

create table saved_view (
    id uuid primary key,
    list text not null,
    user_id uuid not null,
    name text not null,
    query text not null,
    shared boolean not null,
    org_id uuid not null,
    at bigint not null
);
create index saved_view_list on saved_view (list, user_id);

create table list_columns (
    list text not null,
    user_id uuid not null,
    columns text not null,
    density text not null,
    primary key (list, user_id)
);

create table import_batch (
    id uuid primary key,
    kind text not null,
    file_name text not null,
    user_id uuid not null,
    org_id uuid not null,
    state text not null,
    mapping text not null,
    report text not null,
    attachment_id uuid,
    job_id uuid,
    at bigint not null,
    undone_at bigint
);
create index import_batch_user on import_batch (user_id, at);

create table import_row (
    batch_id uuid not null,
    number bigint not null,
    action text not null,
    doc_kind text not null,
    doc_id uuid not null,
    -- the document's version after the row; 0: it has none
    version bigint not null,
    before text,
    primary key (batch_id, number, doc_kind, doc_id)
);
create index import_row_doc on import_row (doc_id);

create table search_doc (
    -- @sqlite
    id integer primary key,
    -- @end
    -- @postgres
    id bigint primary key,
    -- @end
    kind text not null,
    ref_id uuid not null,
    org_id uuid not null,
    owner_id uuid,
    title text not null,
    sub text not null,
    indexed text not null,
    at bigint not null
    -- @postgres
    , tokens tsvector
    -- @end
);
create unique index search_doc_ref on search_doc (kind, ref_id);
-- @sqlite
create virtual table search_fts using fts5(tokens, content='', contentless_delete=1, detail=none, tokenize='unicode61');
-- Fewer, larger merges: many small documents are written for each search.
insert into search_fts (search_fts, rank) values ('automerge', 16);
-- @end
-- @postgres
create index search_doc_tokens on search_doc using gin (tokens);
create index search_doc_newest on search_doc (kind, id);
-- @end
