-- Product tree, models and the installed base (PROD-01…08, 17…19). `*_key` columns hold folded forms.

create table category (
    id uuid primary key,
    version bigint not null,
    parent_id uuid references category (id),
    name text not null,
    sort bigint not null,
    active boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index category_parent on category (parent_id, sort);

create table model (
    id uuid primary key,
    version bigint not null,
    code text not null unique,
    code_key text not null,
    name text not null,
    name_key text not null,
    category_id uuid references category (id),
    spec text not null,
    notes text not null,
    active boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index model_code on model (code_key);
create index model_name on model (name_key);
create index model_category on model (category_id, code);
create index model_updated on model (updated_at, id);

create table component_group (
    id uuid primary key,
    model_id uuid not null references model (id),
    code text not null,
    name text not null,
    sort bigint not null,
    unique (model_id, code)
);

create table unit (
    id uuid primary key,
    version bigint not null,
    no text not null unique,
    org_id uuid not null,
    serial text not null,
    serial_key text not null,
    model_id uuid not null references model (id),
    customer_id uuid,
    purchase_date text,
    invoice_no text not null,
    dealer text not null,
    install_date text,
    acceptance_date text,
    place text not null,
    meter bigint,
    meter_unit text not null,
    state text not null check (state in ('in_use', 'stored', 'scrapped')),
    notes text not null,
    token text not null unique,
    open_notes bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null
);
create index unit_org on unit (org_id, updated_at, id);
create index unit_updated on unit (updated_at, id);
create index unit_serial on unit (serial_key);
create index unit_customer on unit (customer_id, updated_at);
create index unit_model on unit (model_id, updated_at);
create index unit_open_notes on unit (org_id, updated_at) where open_notes > 0;

-- Documents and accessories that belong to a unit, ticked off at delivery (PROD-04).
create table unit_item (
    id uuid primary key,
    unit_id uuid not null references unit (id),
    org_id uuid not null,
    name text not null,
    delivered_at bigint,
    delivered_by uuid,
    sort bigint not null
);
create index unit_item_of on unit_item (unit_id, sort);

-- Found but not fixed, or refused by the customer (PROD-08).
create table unit_note (
    id uuid primary key,
    unit_id uuid not null references unit (id),
    org_id uuid not null,
    text text not null,
    refused boolean not null,
    state text not null check (state in ('open', 'closed')),
    source_kind text not null,
    source_id uuid,
    source_no text not null,
    opened_at bigint not null,
    opened_by uuid,
    closed_at bigint,
    closed_by uuid,
    result text not null
);
create index unit_note_of on unit_note (unit_id, state, opened_at);

-- Remaining life of wear parts as seen at a visit (PROD-17).
create table unit_wear (
    id uuid primary key,
    unit_id uuid not null references unit (id),
    org_id uuid not null,
    part text not null,
    percent bigint,
    months bigint,
    remark text not null,
    source_no text not null,
    seen_at bigint not null
);
create index unit_wear_of on unit_wear (unit_id, seen_at);

-- Meter readings: never decreasing unless the meter was replaced (PROD-09).
create table unit_reading (
    id uuid primary key,
    unit_id uuid not null references unit (id),
    org_id uuid not null,
    value bigint not null,
    replaced boolean not null,
    source_no text not null,
    read_at bigint not null
);
create index unit_reading_of on unit_reading (unit_id, read_at);

-- Transfer of ownership and relocation (PROD-19).
create table unit_event (
    id uuid primary key,
    unit_id uuid not null references unit (id),
    org_id uuid not null,
    kind text not null check (kind in ('transfer', 'relocation')),
    from_customer_id uuid,
    to_customer_id uuid,
    from_place text not null,
    to_place text not null,
    remark text not null,
    on_date text not null,
    at bigint not null,
    by_user uuid
);
create index unit_event_of on unit_event (unit_id, at);
create index unit_event_from on unit_event (from_customer_id) where from_customer_id is not null;
create index unit_event_to on unit_event (to_customer_id) where to_customer_id is not null;

-- What other contexts may join to.
create view pub_category as select id, parent_id, name, sort, active from category;
create view pub_model as
select m.id, m.code, m.name, m.spec, m.category_id, c.name as category_name, m.active
from model m left join category c on c.id = m.category_id;

create view pub_unit as
select u.id, u.no, u.org_id, u.serial, u.model_id, m.code as model_code, m.name as model_name, m.category_id, u.customer_id,
       u.purchase_date, u.install_date, u.acceptance_date, u.place, u.state, u.open_notes
from unit u join model m on m.id = u.model_id;
