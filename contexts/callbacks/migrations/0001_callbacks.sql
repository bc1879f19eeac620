-- Follow-up calls after service (CB-01…09, CALL-11).

create table callback (
    id uuid primary key,
    no text not null,
    version bigint not null,
    kind text not null,
    org_id uuid not null,
    customer_id uuid not null,
    order_id uuid,
    order_no text not null,
    request_id uuid,
    state text not null check (state in ('planned', 'done', 'cancelled')),
    planned_at bigint not null,
    clerk_id uuid,
    attempts bigint not null,
    last_attempt_at bigint,
    called_at bigint,
    class text,
    quality bigint,
    attitude bigint,
    answers text not null,
    suggestion text not null,
    demand text not null,
    new_need text not null,
    proposal text not null,
    note text not null,
    -- The customer answered on the order's own page (DESIGN 8, portal).
    self_rated_at bigint,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index callback_no on callback (no);
create index callback_due on callback (org_id, state, planned_at);
create index callback_state on callback (state, planned_at);
create index callback_order on callback (order_id);
create index callback_customer on callback (customer_id, created_at);
-- One open call per order or request: the second trigger finds the first one's call.
create unique index callback_open_order on callback (order_id) where state = 'planned' and order_id is not null;
create unique index callback_open_request on callback (request_id) where state = 'planned' and request_id is not null;

create index callback_clerk on callback (clerk_id, state, planned_at) where clerk_id is not null;

-- What contexts above may join.
create view pub_callback as
select id, no, org_id, customer_id, order_id, order_no, request_id, kind, state, planned_at, clerk_id, called_at, class, created_at
from callback;

-- Candidates seen per organisation: sampling takes an even share of them (CB-02).
create table callback_candidate (org_id uuid primary key, seen bigint not null);

-- Requests solved on the phone that wait for their follow-up call (CALL-11).
create table callback_advice (request_id uuid primary key, customer_id uuid not null);
create index callback_advice_customer on callback_advice (customer_id);
