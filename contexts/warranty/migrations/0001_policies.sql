-- Warranty terms (WARR-01). A policy says what it is for; its terms are dated versions that are only ever added.
create table warranty_policy (
    id uuid primary key,
    code text not null unique,
    name text not null,
    model_id uuid,
    category_id uuid,
    group_code text not null,
    scope_name text not null,
    active boolean not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index warranty_policy_model on warranty_policy (model_id);
create index warranty_policy_category on warranty_policy (category_id);
create index warranty_policy_updated on warranty_policy (updated_at);

create table warranty_term (
    id uuid primary key,
    policy_id uuid not null references warranty_policy (id),
    number bigint not null,
    valid_from text not null,
    months bigint not null,
    start_basis text not null,
    parts_bp bigint not null,
    labour_bp bigint not null,
    travel_bp bigint not null,
    excluded text not null,
    referred text not null,
    limit_in_days bigint not null,
    limit_out_days bigint not null,
    note text not null,
    created_at bigint not null,
    created_by uuid not null,
    unique (policy_id, number),
    unique (policy_id, valid_from)
);

-- Goodwill and borderline decisions with amount and reason (WARR-24).
create table warranty_exception (
    id uuid primary key,
    org_id uuid not null,
    doc_kind text not null,
    doc_id uuid not null,
    doc_no text not null,
    unit_id uuid,
    kind text not null,
    verdict text not null,
    amount bigint not null,
    reason text not null,
    decided_by uuid not null,
    decided_name text not null,
    created_at bigint not null
);
create index warranty_exception_org on warranty_exception (org_id, created_at);
create index warranty_exception_created on warranty_exception (created_at);
create index warranty_exception_doc on warranty_exception (doc_id);
create index warranty_exception_unit on warranty_exception (unit_id) where unit_id is not null;

-- What a customer showed to prove the warranty (WARR-22).
create table warranty_proof (
    id uuid primary key,
    org_id uuid not null,
    unit_id uuid not null,
    kind text not null,
    number text not null,
    proof_date text,
    note text not null,
    verified_by uuid not null,
    verified_name text not null,
    created_at bigint not null
);
create index warranty_proof_unit on warranty_proof (unit_id, created_at);

-- The policy that holds where nothing more special does: whole unit, one year from purchase (WARR-01, N-49).
-- @sqlite
insert into warranty_policy values (x'01900000000070008000000000000001', 'DEFAULT', '整机一年', null, null, '', '', 1, 1, 0, 0);
insert into warranty_term values (x'01900000000070008000000000000002', x'01900000000070008000000000000001', 1, '2000-01-01', 12, 'purchase', 10000, 10000, 10000, '["customer"]', '[]', 3, 5, '', 0, x'00000000000000000000000000000000');
-- @end
-- @postgres
insert into warranty_policy values ('01900000-0000-7000-8000-000000000001', 'DEFAULT', '整机一年', null, null, '', '', true, 1, 0, 0);
insert into warranty_term values ('01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000001', 1, '2000-01-01', 12, 'purchase', 10000, 10000, 10000, '["customer"]', '[]', 3, 5, '', 0, '00000000-0000-0000-0000-000000000000');
-- @end
