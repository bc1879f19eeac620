-- The engineer's phone (FIELD-01…07, 16–20, 26; DISP-10, 12).

-- What was ticked before setting out (FIELD-01, 02, 19); ticked and missing are JSON lists of item codes.
create table departure_check (
    id uuid primary key,
    order_id uuid not null,
    org_id uuid not null,
    staff_id uuid not null,
    staff_name text not null,
    ticked text not null,
    missing text not null,
    note text not null,
    at bigint not null
);
create index departure_check_order on departure_check (order_id, at);

-- What an engineer reports from the road or the site: attempts to reach the customer, delays, incidents.
create table visit_report (
    id uuid primary key,
    order_id uuid not null,
    order_no text not null,
    org_id uuid not null,
    staff_id uuid not null,
    staff_name text not null,
    kind text not null,
    code text not null,
    note text not null,
    detail text not null,
    at bigint not null
);
create index visit_report_order on visit_report (order_id, at);
create index visit_report_org on visit_report (org_id, at, id);
create index visit_report_at on visit_report (at, id);
create index visit_report_staff on visit_report (staff_id, at, id);

-- How sure the engineer is of the repair, kept until the order is completed (FIELD-20, 26).
create table visit_closing (
    order_id uuid primary key,
    org_id uuid not null,
    staff_id uuid not null,
    test_run text not null,
    certain boolean not null,
    at bigint not null
);
