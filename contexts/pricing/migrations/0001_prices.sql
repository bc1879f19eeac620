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
create index fee_rule_model on fee_rule (model_id) where model_id is not null;

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

-- Kinds of work (WO-01): drive price, commission and the process template.
create table work_kind (
    code text primary key,
    name text not null,
    name_en text not null,
    grouping text not null,
    level bigint not null,
    repair boolean not null,
    active boolean not null,
    place bigint not null,
    updated_at bigint not null
);
insert into work_kind (code, name, name_en, grouping, level, repair, active, place, updated_at) values
    ('install', '安装调试', 'Install & commission', 'install', 0, false, true, 10, 0),
    ('repair_minor', '小修', 'Minor repair', 'repair', 1, true, true, 20, 0),
    ('repair_medium', '中修', 'Medium repair', 'repair', 2, true, true, 30, 0),
    ('repair_major', '大修', 'Major repair', 'repair', 3, true, true, 40, 0),
    ('delivery', '送货', 'Delivery', 'delivery', 0, false, true, 50, 0),
    ('exchange', '调换货', 'Exchange', 'delivery', 0, false, true, 60, 0),
    ('dealer_return', '商返机维修', 'Dealer-return repair', 'repair', 2, true, true, 70, 0),
    ('cleaning', '清洁打包', 'Cleaning & packing', 'cleaning', 0, false, true, 80, 0),
    ('outsourced', '外协', 'Outsourced work', 'outsourced', 0, false, true, 90, 0);

-- What contexts above may join.
create view pub_work_kind as
select k.code, k.name, k.name_en, k.grouping, k.level, k.repair, k.active, k.place from work_kind k;
