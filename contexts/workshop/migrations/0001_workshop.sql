-- In-shop repair (SHOP, QC). Instants are microseconds since the epoch, amounts minor units, JSON is text.

-- A unit in the house: its receiving slip, its place on the bench, its pick-up. What happens to the work is the
-- order's; one row per stay of an order's unit.
create table shop_unit (
    id uuid primary key,
    version bigint not null,
    no text not null,
    org_id uuid not null,
    order_id uuid not null,
    order_no text not null,
    customer_id uuid not null,
    articles text not null,
    outer_look text not null,
    inner_look text not null,
    parts_look text not null,
    scratches text not null,
    papers text not null,
    anomalies text not null,
    box_no text not null,
    signed boolean not null,
    unsigned_reason text not null,
    received_by uuid not null,
    received_name text not null,
    received_at bigint not null,
    place_kind text not null,
    place text not null,
    placed_at bigint not null,
    days bigint not null,
    check_round bigint not null check (check_round >= 1),
    ready_at bigint,
    why_back text not null,
    back_note text not null,
    notices bigint not null,
    noticed_at bigint,
    last_notice text not null,
    chases bigint not null,
    left_at bigint,
    taker text not null,
    identity text not null,
    checks text not null,
    difference text not null,
    due bigint not null,
    received bigint not null check (received >= 0),
    settled boolean not null,
    unsettled_reason text not null,
    settled_at bigint,
    handed_by uuid,
    handed_name text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index shop_unit_no on shop_unit (no);
create unique index shop_unit_in_house on shop_unit (order_id) where left_at is null;
create unique index shop_unit_box on shop_unit (org_id, box_no) where left_at is null and box_no <> '';
create index shop_unit_received on shop_unit (received_at, id);
create index shop_unit_org on shop_unit (org_id, left_at, received_at);
create index shop_unit_order on shop_unit (order_id, received_at);
create index shop_unit_customer on shop_unit (customer_id);
create index shop_unit_days on shop_unit (days, id) where left_at is null;

-- What the customer was told, each time (SHOP-24).
create table shop_notice (
    id uuid primary key,
    org_id uuid not null,
    shop_unit_id uuid not null references shop_unit (id),
    kind text not null,
    nth bigint not null,
    channel text not null,
    reached boolean not null,
    text text not null,
    answer text not null,
    at bigint not null,
    staff_id uuid not null,
    staff_name text not null
);
create index shop_notice_unit on shop_notice (shop_unit_id, at);
create index shop_notice_at on shop_notice (at, id);

-- More work than agreed, found while repairing (SHOP-17).
create table extra_item (
    id uuid primary key,
    version bigint not null,
    org_id uuid not null,
    shop_unit_id uuid not null references shop_unit (id),
    what text not null,
    price bigint not null check (price >= 0),
    delay text not null,
    necessary boolean not null,
    state text not null,
    answered_by text not null,
    how text not null,
    asked_at bigint not null,
    asked_name text not null,
    answered_at bigint
);
create index extra_item_unit on extra_item (shop_unit_id, asked_at);

-- The return ledger (返货记录帐本, SHOP-21…23).
create table maker_return (
    id uuid primary key,
    version bigint not null,
    no text not null,
    org_id uuid not null,
    shop_unit_id uuid not null references shop_unit (id),
    order_id uuid not null,
    maker text not null,
    fault text not null,
    looks text not null,
    carrier text not null,
    waybill text not null,
    vehicle text not null,
    checked_name text not null,
    state text not null,
    sent_at bigint not null,
    promised_at bigint,
    enquiries bigint not null,
    asked_at bigint,
    progress text not null,
    back_at bigint,
    outcome text not null,
    fee bigint not null check (fee >= 0),
    note text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index maker_return_no on maker_return (no);
create unique index maker_return_open on maker_return (shop_unit_id) where state = 'sent';
create index maker_return_sent on maker_return (sent_at, id);
create index maker_return_unit on maker_return (shop_unit_id, sent_at);

-- Check lists by revision: what was signed keeps the revision it was signed under (QC-06, QC-07).
create table check_template (
    id uuid primary key,
    code text not null,
    revision bigint not null,
    name text not null,
    name_en text not null,
    points text not null,
    active boolean not null,
    created_name text not null,
    created_at bigint not null
);
create unique index check_template_revision on check_template (code, revision);

-- Which stages a kind of work needs, with which list and in how many of a hundred units (QC-01, QC-02). The kind '*'
-- stands for all repairs without rules of their own.
create table check_rule (
    work_kind text not null,
    stage text not null,
    template text not null,
    percent bigint not null check (percent between 0 and 100),
    updated_at bigint not null,
    primary key (work_kind, stage)
);
insert into check_rule (work_kind, stage, template, percent, updated_at) values
    ('*', 'self', 'repair', 100, 0),
    ('*', 'team', 'repair', 100, 0),
    ('*', 'final', 'machine39', 100, 0);

-- A signed check.
create table check_sheet (
    id uuid primary key,
    org_id uuid not null,
    shop_unit_id uuid not null references shop_unit (id),
    order_id uuid not null,
    stage text not null,
    round bigint not null,
    template text not null,
    revision bigint not null,
    answers text not null,
    passed boolean not null,
    faults bigint not null,
    advice text not null,
    note text not null,
    signed_by uuid not null,
    signed_name text not null,
    signed_at bigint not null
);
create index check_sheet_unit on check_sheet (shop_unit_id, signed_at);
create index check_sheet_at on check_sheet (signed_at, id);

-- What contexts above may join.
create view pub_shop_unit as
select u.id, u.no, u.org_id, u.order_id, u.customer_id, u.received_at, u.ready_at, u.left_at, u.notices, u.chases,
    u.due, u.received, u.settled
from shop_unit u;
create view pub_check_sheet as
select s.id, s.org_id, s.order_id, s.stage, s.round, s.passed, s.faults, s.signed_by, s.signed_at
from check_sheet s;
