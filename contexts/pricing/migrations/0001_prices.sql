-- Prices and fee rules (BILL-01, 02, 08, 19; WO-39). A rule is never edited: a new price ends the old row and adds
-- one, so that a document can always show the row it was priced by.
create table price_list (
    id uuid primary key,
    code text not null unique,
    name text not null,
    region text not null,
    nature text not null,
    active boolean not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index price_list_updated on price_list (updated_at);

create table fee_rule (
    id uuid primary key,
    list_id uuid not null references price_list (id),
    code text not null,
    label text not null,
    kind text not null,
    mode text not null,
    grade text not null,
    model_id uuid,
    category_id uuid,
    basis text not null,
    amount bigint not null,
    rate_bp bigint not null,
    borne_as text not null,
    automatic boolean not null,
    valid_from text not null,
    valid_until text,
    note text not null,
    created_at bigint not null,
    created_by uuid not null
);
create index fee_rule_list on fee_rule (list_id, code);
create index fee_rule_created on fee_rule (created_at);

-- Deviations from a part's uniform price, company-wide and dated (BILL-02).
create table part_price (
    id uuid primary key,
    part_id uuid not null,
    part_code text not null,
    part_name text not null,
    price bigint not null,
    valid_from text not null,
    valid_until text,
    reason text not null,
    created_at bigint not null,
    created_by uuid not null
);
create index part_price_part on part_price (part_id, valid_from);
create index part_price_created on part_price (created_at);

-- Charges printed on a customer's warranty certificate: the lower of the two applies (BILL-08).
create table certificate_price (
    id uuid primary key,
    org_id uuid not null,
    unit_id uuid not null,
    code text not null,
    amount bigint not null,
    note text not null,
    created_at bigint not null,
    created_by uuid not null,
    unique (unit_id, code)
);
