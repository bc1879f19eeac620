-- Service orders (DESIGN 7.2). Instants are microseconds since the epoch, amounts minor units, JSON is text.

create table service_order (
    id uuid primary key,
    version bigint not null,
    no text not null,
    org_id uuid not null,
    customer_id uuid not null,
    customer_name text not null,
    contact text not null,
    phone text not null,
    address text not null,
    region text not null,
    kind text not null references work_kind (code),
    mode text not null check (mode in ('on_site', 'brought_in', 'remote', 'fetched', 'mailed', 'factory', 'outsourced')),
    warranty text not null check (warranty in ('claim', 'in', 'out')),
    -- Somebody said so; otherwise the units' own decisions hold, each for its lines.
    warranty_set boolean not null,
    priority bigint not null check (priority between 1 and 4),
    urgent boolean not null,
    quote_limit bigint check (quote_limit is null or quote_limit >= 0),
    source text not null,
    request_id uuid,
    -- run of the process template that it works by; none: the fixed steps alone
    run_id uuid,
    external_no text not null,
    symptom text not null,
    demand text not null,
    remark text not null,
    missing text not null,
    -- Incomplete data is verified with the dispatcher, then with the customer; who asked, by name.
    dispatch_verified_at bigint,
    dispatch_verified_by text not null default '',
    customer_verified_at bigint,
    customer_verified_by text not null default '',
    unit_id uuid,
    model_id uuid,
    model_name text not null,
    serial text not null,
    appoint_from bigint,
    appoint_to bigint,
    engineer_id uuid,
    engineer_name text not null,
    helpers text not null,
    outlet_id uuid,
    state text not null check (state in ('new', 'accepted', 'scheduled', 'in_progress', 'waiting', 'done', 'confirmed', 'audited', 'closed', 'reopened', 'cancelled', 'terminated', 'returned_unrepaired')),
    open boolean not null,
    waiting text not null,
    continuous boolean not null,
    level bigint not null check (level between 1 and 3),
    -- Where it was raised to; none: it is at the level it came in at.
    level_org_id uuid,
    level_org_name text not null default '',
    hard boolean not null default false,
    repeat_of uuid,
    repeat_round bigint not null,
    failed_fixes bigint not null,
    reworks bigint not null,
    fix_class text not null,
    cause text not null,
    root_cause text not null,
    result text not null,
    assistance text not null,
    score bigint check (score is null or score between 0 and 100),
    appraisal text not null,
    sheet_returned_at bigint,
    quote_total bigint,
    quoted_at bigint,
    consent_total bigint,
    consent_at bigint,
    consent_by text not null,
    gross bigint not null,
    payable bigint not null,
    -- taken off what the customer pays by agreement: lines are never negative
    reduced bigint not null default 0 check (reduced >= 0),
    job_size text not null default '',
    hours bigint not null default 0 check (hours >= 0),
    distance_km bigint not null default 0 check (distance_km >= 0),
    cost_price boolean not null default false,
    fee_key text not null,
    signed boolean not null,
    accepted_at bigint,
    scheduled_at bigint,
    departed_at bigint,
    arrived_at bigint,
    started_at bigint,
    done_at bigint,
    confirmed_at bigint,
    confirmed_by text not null,
    callback_at bigint,
    callback_class text not null,
    audited_at bigint,
    auditor_id uuid,
    audit_note text not null,
    deduction bigint not null check (deduction >= 0),
    closed_at bigint,
    sla text not null,
    late text not null,
    next_due_at bigint not null,
    next_due_total bigint not null,
    pickup_on text,
    loaner text not null,
    progress_at bigint not null,
    stale boolean not null,
    created_by uuid not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (appoint_to is null or appoint_from is null or appoint_to >= appoint_from)
);
create unique index service_order_no on service_order (no);
-- Kind and organisation stand in it so that the orders of months can be counted without being read.
create index service_order_created on service_order (created_at, id, kind, org_id);
create index service_order_org on service_order (org_id, open, created_at, id);
create index service_order_open on service_order (open, created_at, id);
create index service_order_state on service_order (state, created_at, id);
create index service_order_due on service_order (open, next_due_at, id);
-- What waits for an engineer, in the order of the dispatch day. `open` leads: by it the planners find this index.
create index service_order_waiting on service_order (open, priority desc, next_due_at, id)
    where state in ('new', 'accepted', 'reopened');
create index service_order_engineer on service_order (engineer_id, open, appoint_from);
create index service_order_customer on service_order (customer_id, created_at);
create index service_order_unit on service_order (unit_id, created_at) where unit_id is not null;
create index service_order_model_id on service_order (model_id) where model_id is not null;
create index service_order_level_org on service_order (level_org_id, open, created_at) where level_org_id is not null;
create index service_order_kind on service_order (kind, id);
create index service_order_mode on service_order (mode, id);
create index service_order_model on service_order (model_name, id);
create index service_order_done on service_order (done_at, created_at) where done_at is not null;
create index service_order_request on service_order (request_id) where request_id is not null;
create index service_order_external on service_order (external_no) where external_no <> '';

-- Units of an order with their fault items and each one's own warranty decision (WO-46).
create table order_unit (
    id uuid primary key,
    order_id uuid not null references service_order (id),
    org_id uuid not null,
    place bigint not null,
    unit_id uuid,
    model_id uuid,
    model_name text not null,
    serial text not null,
    fault text not null,
    group_code text not null,
    work_kind text not null references work_kind (code),
    cause text not null,
    result text not null,
    verdict text not null,
    parts_bp bigint not null,
    labour_bp bigint not null,
    travel_bp bigint not null,
    warranty_until text,
    policy_id uuid,
    policy_version bigint not null,
    decision text not null,
    created_at bigint not null
);
create index order_unit_order on order_unit (order_id, place);
create index order_unit_unit on order_unit (unit_id, created_at);
create index order_unit_model on order_unit (model_id) where model_id is not null;

-- Material, labour, travel and fees; bill lines are those with an amount (WO-39, 48, PARTS-33).
create table order_line (
    id uuid primary key,
    order_id uuid not null references service_order (id),
    org_id uuid not null,
    place bigint not null,
    order_unit_id uuid,
    kind text not null,
    code text not null,
    name text not null,
    part_id uuid,
    depot_id uuid,
    quantity bigint not null check (quantity >= 0),
    price bigint not null,
    covered_bp bigint not null check (covered_bp between 0 and 10000),
    gross bigint not null,
    amount bigint not null,
    sheet text not null,
    stock text not null,
    verdict text not null,
    reclassified text not null,
    old_part_due boolean not null,
    old_part_taken boolean not null,
    serials text not null,
    auto boolean not null,
    priced boolean not null,
    rule_id uuid,
    trace text not null,
    note text not null,
    cost bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index order_line_order on order_line (order_id, place);
create index order_line_part on order_line (part_id, created_at) where part_id is not null;

-- Every step with time, person and place (WO-50).
create table order_step (
    id uuid not null,
    order_id uuid not null references service_order (id),
    org_id uuid not null,
    action text not null,
    from_state text not null,
    to_state text not null,
    at bigint not null,
    staff_id uuid not null,
    staff_name text not null,
    on_behalf uuid,
    reason text not null,
    lat bigint,
    lon bigint,
    late boolean not null,
    primary key (order_id, at, id)
)
-- @sqlite
without rowid
-- @end
;

-- Engineers who share an order, when there is more than one (PAY-14).
create table order_engineer (
    order_id uuid not null references service_order (id),
    staff_id uuid not null,
    share_bp bigint not null check (share_bp between 0 and 10000),
    lead boolean not null,
    primary key (order_id, staff_id)
);
create index order_engineer_staff on order_engineer (staff_id);

-- What the customer holds: the secret of the order's page, and the code that stands for a signature (WO-40, WO-41).
create table order_key (
    order_id uuid primary key references service_order (id),
    org_id uuid not null,
    token text not null,
    code text not null,
    tries bigint not null check (tries >= 0),
    used_at bigint,
    created_at bigint not null
);
create unique index order_key_token on order_key (token);

-- What contexts above may join.
create view pub_order as
select o.id, o.no, o.org_id, o.customer_id, o.customer_name, o.contact, o.phone, o.address, o.region, o.kind,
    o.mode, o.warranty, o.priority, o.urgent, o.state, o.open, o.waiting, o.symptom, o.request_id, o.unit_id, o.model_id,
    o.model_name, o.serial, o.engineer_id, o.engineer_name, o.outlet_id, o.appoint_from, o.appoint_to, o.level,
    o.repeat_of, o.reworks, o.fix_class, o.cause, o.score, o.deduction, o.gross, o.payable, o.callback_class, o.sla,
    o.late, o.next_due_at, o.next_due_total, o.pickup_on, o.created_at, o.accepted_at, o.scheduled_at, o.departed_at, o.arrived_at, o.started_at,
    o.done_at, o.confirmed_at, o.sheet_returned_at, o.audited_at, o.closed_at, o.version, o.progress_at, o.stale,
    o.level_org_id, o.level_org_name, o.hard
from service_order o;

create view pub_order_engineer as
select e.order_id, e.staff_id, e.share_bp, e.lead from order_engineer e;

create view pub_order_line as
select l.id, l.order_id, l.org_id, l.kind, l.code, l.name, l.part_id, l.depot_id, l.quantity, l.price, l.covered_bp,
    l.gross, l.amount, l.stock, l.cost, l.created_at
from order_line l;
