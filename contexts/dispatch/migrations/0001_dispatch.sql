-- Assignment and engineers' calendars (DISP-03, 23).

create table absence (
    id uuid primary key,
    version bigint not null,
    org_id uuid not null,
    staff_id uuid not null,
    kind text not null,
    from_at bigint not null,
    to_at bigint not null,
    note text not null,
    state text not null check (state in ('active', 'cancelled')),
    created_at bigint not null,
    updated_at bigint not null,
    check (to_at > from_at)
);
create index absence_staff on absence (staff_id, from_at);
create index absence_org on absence (org_id, from_at);

-- One row per engineer, touched by everything that books them: two dispatchers who book one engineer at the
-- same moment go one after the other, and the second sees the first one's appointment.
create table engineer_calendar (staff_id uuid primary key, booked bigint not null);
