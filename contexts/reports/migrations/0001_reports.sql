-- Lists and summaries that go out by mail at their time (WO-35, REP-07). Instants are microseconds since the epoch.

create table report_mail (
    id uuid primary key,
    version bigint not null,
    org_id uuid not null,
    name text not null,
    content text not null check (content in ('list', 'summary')),
    list_key text not null,
    query text not null,
    every text not null check (every in ('daily', 'weekly', 'monthly')),
    day bigint not null check (day between 0 and 31),
    minute bigint not null check (minute between 0 and 1439),
    paused boolean not null,
    next_at bigint not null,
    created_by uuid not null,
    created_by_name text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index report_mail_next on report_mail (paused, next_at);
create index report_mail_org on report_mail (org_id, created_at);
create index report_mail_created on report_mail (created_at, id);

create table report_mail_recipient (
    mail_id uuid not null references report_mail (id),
    user_id uuid not null,
    primary key (mail_id, user_id)
);

-- One letter to one person for one day, however often its time is found to have come.
create table report_mail_sending (
    id uuid primary key,
    mail_id uuid not null references report_mail (id),
    user_id uuid not null,
    day text not null,
    state text not null check (state in ('waiting', 'sent', 'skipped', 'failed')),
    note text not null,
    rows bigint not null,
    planned_at bigint not null,
    ended_at bigint
);
create unique index report_mail_sending_once on report_mail_sending (mail_id, user_id, day);
create index report_mail_sending_mail on report_mail_sending (mail_id, planned_at);

-- Units by organisation and area of their customers, counted from the published views now and then: what rates of large
-- companies divide by. Small ones are counted when somebody looks.
create table unit_area (
    org_id uuid not null,
    region text not null,
    units bigint not null,
    primary key (region, org_id)
);
